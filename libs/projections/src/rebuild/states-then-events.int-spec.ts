import { randomBytes } from 'node:crypto';
import { ProjectsEvent, ProjectsState } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRoot, defineEvent, defineState } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import type { Broker, EventMessage, StateMessage } from '@nestbox/messaging';
import { Outbox } from '@nestbox/outbox';
import { Controller, Inject } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import type { ContextOptions } from '../../../../test/support/eventing/running-context.fixture.js';
import { KafkaFixture } from '../../../kafka/src/kafka.fixture.js';
import { LogFixture } from '../../../postgres-log/src/log.fixture.js';

const Delivery = z.object({ sku: z.string(), quantity: z.int() });
const Stock = z.object({ sku: z.string(), onHand: z.int() });

/** Own topics, because all tests of a run share one Kafka. */
function contractsOn(topic: `inventory.${string}`) {
  const ProductDelivered = defineEvent({
    type: 'ProductDelivered', version: 1, topic, description: 'More of a product has come in.', schema: Delivery,
    key: ({ sku }) => sku, examples: [{ sku: 'mug-blue', quantity: 10 }],
  });
  const ProductState = defineState({
    type: 'ProductState', version: 1, topic: `${topic}.state`, complete: true, description: 'How much there is of a product.', schema: Stock,
    key: ({ sku }) => sku, examples: [{ sku: 'mug-blue', onHand: 100 }],
  });
  return { ProductDelivered, ProductState };
}
type Contracts = ReturnType<typeof contractsOn>;

class Product extends AggregateRoot {
  onHand = 0;

  constructor(readonly sku: string) {
    super();
  }

  deliver({ ProductDelivered }: Contracts, quantity: number): void {
    this.onHand += quantity;
    this.raise(ProductDelivered, { sku: this.sku, quantity });
  }
}

/** Sums up deliveries, so that a missed or repeated one is noticed. */
function stockView({ ProductDelivered, ProductState }: Contracts, id: string): Type {
  const view = { id, group: id, tables: ['stock'] };
  @Controller()
  class StockProjection {
    constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

    @ProjectsState(ProductState, view)
    state({ data }: StateMessage<z.output<typeof Stock>>): void {
      const text = 'INSERT INTO stock VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand';
      if (data) this.unitOfWork.write({ text, values: [data.sku, data.onHand] });
    }

    @ProjectsEvent(ProductDelivered, view)
    delivered({ data: { sku, quantity } }: EventMessage<z.output<typeof Delivery>>): void {
      const text = 'INSERT INTO stock VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand';
      this.unitOfWork.write({ text, values: [sku, quantity] });
    }
  }
  return StockProjection;
}

interface Place {
  broker(): Promise<Broker>;
  close(): Promise<void>;
}
const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const places: [string, () => Promise<Place>][] = [['the embedded log', () => LogFixture.open()]];
if (addresses.length > 0) places.push(['Apache Kafka', async () => new KafkaFixture(addresses)]);

describe.each(places)('states, and then events, on %s', (_name, open) => {
  const suffix = randomBytes(4).toString('hex');
  const contracts = contractsOn(`inventory.products-${suffix}`);
  const { ProductDelivered, ProductState } = contracts;
  const topics = [{ name: ProductDelivered.topic, partitions: 3 }, { name: ProductState.topic, partitions: 3, cleanup: 'compact' as const }];
  const products = Array.from({ length: 30 }, (_, n) => new Product(`sku-${n}`));
  let place: Place;
  let inventory: RunningContext;
  let searches: RunningContext[] = [];

  const start = async (more: Partial<ContextOptions> = {}) =>
    RunningContext.start({ context: 'inventory', broker: await place.broker(), topics, consumer: { maxBatch: 20 }, ...more });
  const deliver = (product: Product) =>
    inventory.unitOfWork.run(async () => {
      product.deliver(contracts, 1 + (product.version % 5));
      inventory.app.get(Outbox).add(product.pendingEvents());
      product.markSaved();
      const { sku, onHand, version } = product;
      inventory.app.get(Outbox).keep(ProductState, { key: sku, version, data: { sku, onHand } });
    });
  const stock = async () => {
    const rows = await inventory.query<{ sku: string; on_hand: number }>('SELECT sku, on_hand FROM stock');
    return new Map(rows.map(({ sku, on_hand }) => [sku, on_hand]));
  };

  beforeAll(async () => {
    place = await open();
    await (await place.broker()).ensureTopics(topics);
    inventory = await start();
    await inventory.query('CREATE TABLE stock (sku text PRIMARY KEY, on_hand int NOT NULL)');
  }, 30_000);
  afterAll(async () => {
    for (const search of searches) await search.stop();
    await inventory.stop();
    await place.close();
  });

  it('make a view in which every event is once, while events keep coming and two processes read them', async () => {
    for (let round = 0; round < 5; round++) for (const product of products) await deliver(product);
    let done = false;
    const traffic = (async () => {
      while (!done) for (const product of products) await deliver(product);
    })();
    const view = stockView(contracts, `inventory.count-${suffix}`);
    const begin = () => start({ handlers: [view], database: inventory.database, relay: { enabled: false } });
    searches = await Promise.all([begin(), begin()]);
    await eventually(async () => expect((await inventory.query('SELECT FROM nestbox.inbox')).length).toBeGreaterThan(60), { timeoutMs: 30_000 });
    done = true;
    await traffic;
    const truth = new Map(products.map(({ sku, onHand }) => [sku, onHand]));
    await eventually(async () => expect(await stock()).toEqual(truth), { timeoutMs: 30_000 });
    // Events included in the states were never read.
    const events = products.reduce((sum, { version }) => sum + version, 0);
    expect((await inventory.query('SELECT FROM nestbox.inbox')).length).toBeLessThan(events - 150 + 1);
  }, 90_000);
});
