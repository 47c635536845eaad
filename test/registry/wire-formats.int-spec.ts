import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { OrderCancelled, OrderPlaced, ProductListed, StockReleased, StockReserved, topics } from '@nestbox/contracts';
import { brokerMigrations, createBroker, DeadLetters } from '@nestbox/eventing';
import type { Broker, BrokerRecord } from '@nestbox/eventing';
import { scratchDatabase } from '@nestbox/database/testing';
import { eventually, InMemoryBroker } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { InventoryModule } from '../../apps/inventory/src/inventory.module.js';
import { migrations as inventoryMigrations } from '../../apps/inventory/src/persistence/migrations/index.js';
import { migrations as searchMigrations } from '../../apps/search/src/persistence/migrations/index.js';
import { SearchModule } from '../../apps/search/src/search.module.js';
import { RegistryApp } from '../support/registry-app.js';
import { sealed } from '../support/sealed.js';
import { ShopApp } from '../support/shop-app.js';
import { SwitchedProxy } from '../support/switched-proxy.js';
import { behind } from '../support/topics.js';

const mug = { name: 'Blue mug', priceCents: 1250, onHand: 100 };

/** The first record of a contract, once it is there: read by a group that nobody has heard of. */
async function recordOf(broker: Broker, { topic, name }: { topic: string; name: string }): Promise<BrokerRecord> {
  const records: BrokerRecord[] = [];
  const handler = async (batch: { records: readonly BrokerRecord[] }) => void records.push(...batch.records);
  const subscription = await broker.subscribe({ group: `audit-${uuid7()}`, topics: [topic], handler });
  const found = () => records.find(({ headers }) => headers.ce_type === name);
  try {
    await eventually(() => expect(found()).toBeDefined());
  } finally {
    await subscription.stop();
  }
  return found()!;
}

describe.each(['in memory', 'the embedded log'])('events on Avro and Protobuf, %s', (kind) => {
  let broker: Broker;
  /** What an app is told of the broker: a client of its own, where there is more than one. */
  let brokerOption: Broker | { kind: 'postgres'; url: string };
  let registry: RegistryApp;
  let proxy: SwitchedProxy;
  let inventory: ShopApp;
  let search: ShopApp;
  let drop: () => Promise<void> = async () => undefined;

  const found = async (words: string) =>
    ((await search.get<{ products: { sku: string }[] }>(`/search?q=${words}`)).body.products).map(({ sku }) => sku);
  const list = (sku: string, product: object = mug) => inventory.send('PUT', `/products/${sku}`, product);
  const startSearch = async () => {
    search = await ShopApp.start(SearchModule, searchMigrations, { broker: brokerOption, schemaRegistryUrl: proxy.url } as never);
  };

  beforeAll(async () => {
    if (kind === 'in memory') brokerOption = broker = new InMemoryBroker();
    else {
      const database = await scratchDatabase(brokerMigrations);
      drop = () => database.drop();
      brokerOption = { kind: 'postgres', url: database.url };
      broker = createBroker(brokerOption, 'tests');
    }
    await broker.connect();
    await broker.ensureTopics(topics);
    registry = await RegistryApp.start();
    proxy = await SwitchedProxy.before(registry.url);
    const schemaRegistryUrl = proxy.url.replace('http://', `http://shop:${RegistryApp.token}@`);
    inventory = await ShopApp.start(InventoryModule, inventoryMigrations, { broker: brokerOption, schemaRegistryUrl } as never);
    await startSearch();
  });
  afterAll(async () => {
    await search?.stop();
    await inventory?.stop();
    await proxy?.close();
    await registry?.stop();
    await broker?.close();
    await drop();
  });

  it('carry ProductListed as Avro, which search reads and any client of the registry could', async () => {
    await list('mug-blue');
    await eventually(async () => expect(await found('mug')).toEqual(['mug-blue']));
    const record = await recordOf(broker, ProductListed);
    expect(record.headers).toMatchObject({ ce_type: 'inventory.ProductListed.v1', 'content-type': 'application/avro' });
    expect(record.headers).not.toHaveProperty('nestbox-wire');
    const { body } = await registry.get('/subjects/inventory.ProductListed.v1/versions/latest');
    expect(record.value!.readUInt32BE(1)).toBe((body as { id: number }).id);
    const data = (await new SchemaRegistry({ host: registry.url }).decode(record.value!)) as object;
    expect({ ...data }).toEqual({ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 });
  });

  it('carry StockReleased as Protobuf', async () => {
    const [orderId, placedAt] = [uuid7(), new Date().toISOString()];
    const order = { orderId, userId: 'ada', email: 'ada@example.com', totalCents: 2500, placedAt };
    const lines = [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }];
    await broker.publish([sealed(OrderPlaced, { ...order, lines }, { aggregateVersion: 1 }).record]);
    // The two handlers of inventory have no order between them: only what has been reserved can be released.
    await recordOf(broker, StockReserved);
    await broker.publish([sealed(OrderCancelled, { ...order, reason: 'customer' as const }, { aggregateVersion: 2 }).record]);
    const record = await recordOf(broker, StockReleased);
    expect(record.headers).toMatchObject({ 'content-type': 'application/protobuf', ce_aggregateversion: '2' });
    const data = (await new SchemaRegistry({ host: registry.url }).decode(record.value!)) as { orderId: string };
    expect(JSON.parse(JSON.stringify(data))).toEqual({ orderId, lines: [{ sku: 'mug-blue', quantity: 2 }] });
  });

  it('go on with the schemas that are known while the registry is away', async () => {
    proxy.mode = 'refusing';
    await list('mug-red', { ...mug, name: 'Red mug' });
    await eventually(async () => expect(await found('red')).toEqual(['mug-red']));
    proxy.mode = 'open';
  });

  it.each(['refusing', 'silent'] as const)('wait where a schema is not known yet and the registry is %s: nothing parked, nothing lost', async (mode) => {
    proxy.mode = mode;
    proxy.troubled = 0;
    await search.stop();
    await startSearch();
    const sku = `mug-${mode}`;
    await list(sku, { ...mug, name: `Mug ${mode}` });
    await eventually(() => expect(proxy.troubled).toBeGreaterThan(0), { timeoutMs: 20_000 });
    expect(await behind(broker, 'search', ['inventory.products'])).not.toEqual([]);
    expect((await search.app.get(DeadLetters).list({})).letters).toEqual([]);
    proxy.mode = 'open';
    await eventually(async () => expect(await found(mode)).toEqual([sku]), { timeoutMs: 20_000 });
    expect(await behind(broker, 'search', ['inventory.products'])).toEqual([]);
    expect((await search.app.get(DeadLetters).list({})).letters).toEqual([]);
  });

  it('are parked where the registry says that there is no such schema, and mended when there is', async () => {
    const id = uuid7();
    const unknown = Buffer.from([0, 0, 9, 9, 9, 1, 2, 3]);
    const headers = { ce_id: id, ce_type: 'inventory.ProductListed.v1', ce_time: new Date().toISOString(), ce_source: '/inventory' };
    await broker.publish([{ topic: 'inventory.products', key: 'mug-odd', value: unknown, headers }]);
    await eventually(async () => {
      const { letters } = await search.app.get(DeadLetters).list({});
      expect(letters).toMatchObject([{ key: 'mug-odd', errorMessage: expect.stringContaining('is not in the registry') }]);
    });
    await list('mug-last', { ...mug, name: 'Last mug' });
    await eventually(async () => expect(await found('last')).toEqual(['mug-last']));
  });
});
