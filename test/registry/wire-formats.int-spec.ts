import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { ProductListed, StockReleased } from '@nestbox/contracts';
import { DeadLetters } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { describeOnEachBroker } from '../support/brokers.js';
import { RegistryApp } from '../support/registry-app.js';
import { SwitchedProxy } from '../support/switched-proxy.js';
import { behind } from '../support/topics.js';
import { recordOf } from './record-of.js';
import { WireStage } from './wire-stage.js';

const by = { actor: 'ada', reason: 'the listing is mended' };

describeOnEachBroker('events on Avro and Protobuf', (kind) => {
  let registry: RegistryApp;
  let proxy: SwitchedProxy;
  let stage: WireStage;

  const letters = () => stage.search.app.get(DeadLetters);
  const waiting = () => behind(stage.broker, 'search.index-products', ['inventory.products']);
  /** As any client of the registry reads it. */
  const decoded = async (value: Buffer) =>
    JSON.parse(JSON.stringify(await new SchemaRegistry({ host: registry.url }).decode(value))) as unknown;

  beforeAll(async () => {
    registry = await RegistryApp.start();
    proxy = await SwitchedProxy.before(registry.url);
    const toWrite = proxy.url.replace('http://', `http://shop:${RegistryApp.token}@`);
    stage = await WireStage.open(kind, { toWrite, toRead: proxy.url });
  });
  afterAll(async () => {
    await stage?.close();
    await proxy?.close();
    await registry?.stop();
  });

  it('carry ProductListed as Avro, which search reads and any client of the registry could', async () => {
    await stage.list('mug-blue', 'Blue mug');
    await eventually(async () => expect(await stage.found('mug')).toEqual(['mug-blue']), { timeoutMs: 20_000 });
    const { headers, value } = await recordOf(stage.broker, ProductListed);
    expect(headers).toMatchObject({ ce_type: 'inventory.ProductListed.v1', 'content-type': 'application/avro' });
    expect(headers).not.toHaveProperty('nestbox-wire');
    const { body } = await registry.get('/subjects/inventory.ProductListed.v1/versions/latest');
    expect(value!.readUInt32BE(1)).toBe((body as { id: number }).id);
    expect(await decoded(value!)).toEqual({ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 });
  });

  it('carry StockReleased as Protobuf', async () => {
    const orderId = await stage.orderAndCancel();
    const { headers, value } = await recordOf(stage.broker, StockReleased);
    expect(headers).toMatchObject({ 'content-type': 'application/protobuf', ce_aggregateversion: '2' });
    expect(await decoded(value!)).toEqual({ orderId, lines: [{ sku: 'mug-blue', quantity: 2 }] });
  });

  // What a registry does to readers and writers has nothing to do with the broker between them.
  if (kind === 'kafka') return;

  it('go on with the schemas that are known while the registry is away, through a restart as well', async () => {
    proxy.mode = 'refusing';
    await stage.list('mug-red', 'Red mug');
    await eventually(async () => expect(await stage.found('red')).toEqual(['mug-red']));
    await stage.restartSearch(proxy.url);
    await stage.list('mug-pink', 'Pink mug');
    await eventually(async () => expect(await stage.found('pink')).toEqual(['mug-pink']), { timeoutMs: 20_000 });
    proxy.mode = 'open';
  });

  it.each(['refusing', 'silent'] as const)('wait where a schema is not known yet and the registry is %s: nothing parked, nothing lost', async (mode) => {
    proxy.mode = mode;
    proxy.troubled = 0;
    await stage.search.stop();
    await stage.startSearch(proxy.url);
    await stage.list(`mug-${mode}`, `Mug ${mode}`);
    await eventually(() => expect(proxy.troubled).toBeGreaterThan(0), { timeoutMs: 20_000 });
    expect(await waiting()).not.toEqual([]);
    expect((await letters().list({})).letters).toEqual([]);
    proxy.mode = 'open';
    await eventually(async () => expect(await stage.found(mode)).toEqual([`mug-${mode}`]), { timeoutMs: 20_000 });
    await eventually(async () => expect(await waiting()).toEqual([]));
    expect((await letters().list({})).letters).toEqual([]);
  });

  it('are parked where the registry says that there is no such schema, and the key goes on when it is discarded', async () => {
    const headers = { ce_id: uuid7(), ce_type: ProductListed.name, ce_time: new Date().toISOString(), ce_source: '/inventory' };
    const value = Buffer.from([0, 0, 9, 9, 9, 1, 2, 3]);
    await stage.broker.publish([{ topic: 'inventory.products', key: 'mug-odd', value, headers }]);
    await eventually(async () => {
      const [letter] = (await letters().list({ key: 'mug-odd' })).letters;
      expect(letter).toMatchObject({ errorMessage: expect.stringContaining('is not in the registry') });
    });
    const [letter] = (await letters().list({ key: 'mug-odd' })).letters;
    expect(await letters().get(letter!.id)).not.toHaveProperty('recordText');
    await letters().discard({ id: letter!.id }, by);
  });

  it('are legible where they are parked, and can be mended by their data', async () => {
    const { headers, value } = await recordOf(stage.broker, ProductListed, 'mug-blue');
    // A sound record of Avro that tells of a price which the contract does not allow.
    const negative = Buffer.concat([value!.subarray(0, -2), Buffer.from([1])]);
    const fresh = { ...headers, ce_id: uuid7(), ce_aggregateversion: '3' };
    await stage.broker.publish([{ topic: 'inventory.products', key: 'mug-blue', value: negative, headers: fresh }]);
    const letter = await eventually(async () => {
      const [found] = (await letters().list({ key: 'mug-blue', status: 'parked' })).letters;
      expect(found).toBeDefined();
      return found!;
    });
    const { recordText } = await letters().get(letter.id);
    const { data } = JSON.parse(recordText!) as { data: { priceCents: number } };
    expect(data).toEqual({ sku: 'mug-blue', name: 'Blue mug', priceCents: -1 });
    const copy = await letters().edit(letter.id, { data: { ...data, name: 'Navy mug', priceCents: 1300 } }, by);
    await letters().redrive({ id: copy }, by);
    expect(await stage.found('navy')).toEqual(['mug-blue']);
  });
});
