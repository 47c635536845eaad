import { EventConsumer, ProjectsEvent, ProjectsState } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { defineState } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import type { EventMessage, StateMessage } from '@nestbox/messaging';
import { InMemoryBroker, InMemoryLog } from '@nestbox/messaging/testing';
import { Outbox } from '@nestbox/outbox';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { OrderRepository, RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import type { ContextOptions } from '../../../../test/support/eventing/running-context.fixture.js';
import { Order, OrderCancelled, OrderPlaced, shopTopics } from '../../../../test/support/eventing/shop.fixture.js';
import type { OrderData } from '../../../../test/support/eventing/shop.fixture.js';
import { Projections } from './projections.js';

const State = z.object({ orderId: z.string(), totalCents: z.int(), events: z.int() });
const OrderState = defineState({
  type: 'OrderState',
  version: 1,
  topic: 'checkout.orders.state',
  complete: true,
  description: 'What an order has come to.',
  schema: State,
  key: ({ orderId }) => orderId,
  examples: [{ orderId: 'order-1', totalCents: 2500, events: 1 }],
});
const topics = [...shopTopics, { name: OrderState.topic, partitions: 2, cleanup: 'compact' as const }];
const view = { id: 'checkout.count-events', group: 'checkout.count-events', tables: ['counts'] };

const REPLACE = `INSERT INTO counts (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n`;
const COUNT = `INSERT INTO counts (id, n) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET n = counts.n + 1`;

/** Counts the events of each order, so that a missed or repeated event is noticed. */
@Controller()
class CountsProjection {
  static states = 0;
  static duringStates: () => Promise<void> = async () => undefined;

  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @ProjectsState(OrderState, view)
  async state({ key, data }: StateMessage<z.output<typeof State>>): Promise<void> {
    CountsProjection.states++;
    if (data) this.unitOfWork.write({ text: REPLACE, values: [key, data.events] });
    else this.unitOfWork.write({ text: 'DELETE FROM counts WHERE id = $1', values: [key] });
    await CountsProjection.duringStates();
  }

  @ProjectsEvent(OrderPlaced, view)
  placed({ key }: EventMessage<OrderData>): void {
    this.unitOfWork.write({ text: COUNT, values: [key] });
  }

  @ProjectsEvent(OrderCancelled, view)
  cancelled({ key }: EventMessage<OrderData>): void {
    this.unitOfWork.write({ text: COUNT, values: [key] });
  }
}

@Controller()
class Follower {
  @ProjectsState(OrderState, view)
  state(): void {}
}

describe('a view that begins with states', () => {
  let log: InMemoryLog;
  let producer: RunningContext;
  let database: ScratchDatabase;
  let consumers: RunningContext[];
  const truth = new Map<string, number>();

  /** Raises the order's next event and publishes its state, in one transaction. */
  const save = (order: Order) =>
    producer.unitOfWork.run(async () => {
      await producer.app.get(OrderRepository).save(order);
      const data = { orderId: order.id, totalCents: order.totalCents, events: order.version };
      producer.app.get(Outbox).keep(OrderState, { key: order.id, version: order.version, data });
      truth.set(order.id, order.version);
    });
  const grow = async (order: Order, times: number) => {
    for (let n = 0; n < times; n++) {
      order.cancel();
      await save(order);
    }
  };
  const forget = (order: Order) =>
    producer.unitOfWork.run(async () => {
      producer.app.get(Outbox).keep(OrderState, { key: order.id, version: order.version, data: null });
      truth.delete(order.id);
    });
  const orders = async (count: number) => {
    const placed = Array.from({ length: count }, () => Order.place(1000));
    for (const order of placed) await save(order);
    return placed;
  };
  const published = () =>
    eventually(async () => {
      const [{ n } = { n: -1 }] = await producer.query<{ n: number }>('SELECT count(*)::int AS n FROM nestbox.outbox');
      const broker = new InMemoryBroker(log);
      const ends = await broker.bounds(topics.map(({ name }) => name));
      expect(ends.reduce((sum, { end }) => sum + Number(end), 0)).toBeGreaterThanOrEqual(n);
    });
  const consume = async (more: Partial<ContextOptions> = {}) => {
    const context = await RunningContext.start({
      broker: new InMemoryBroker(log), topics, handlers: [CountsProjection], database, relay: { enabled: false }, consumer: { maxBatch: 20 }, ...more,
    });
    consumers.push(context);
    return context;
  };
  const counts = async () => {
    const rows = await consumers.at(-1)!.query<{ id: string; n: number }>('SELECT id, n FROM counts');
    return new Map(rows.map(({ id, n }) => [id, n]));
  };
  const isRight = () => eventually(async () => expect(await counts()).toEqual(truth), { timeoutMs: 20_000 });

  beforeEach(async () => {
    log = new InMemoryLog();
    producer = await RunningContext.start({ broker: new InMemoryBroker(log), topics });
    await new InMemoryBroker(log).ensureTopics(topics);
    database = await RunningContext.database();
    const helper = await RunningContext.start({ broker: new InMemoryBroker(), database });
    await helper.query('CREATE TABLE counts (id text PRIMARY KEY, n int NOT NULL)');
    await helper.app.close();
    consumers = [];
    truth.clear();
    CountsProjection.states = 0;
    CountsProjection.duringStates = async () => undefined;
  });
  afterEach(async () => {
    for (const context of consumers) await context.app.close();
    await database.drop();
    await producer.stop();
  });

  it('has every event once, though it began in the middle of them and events came all the while', async () => {
    const before = await orders(30);
    for (const order of before) await grow(order, 2);
    await published();
    let done = false;
    const traffic = (async () => {
      while (!done) for (const order of before) await grow(order, 1);
    })();
    await consume();
    await eventually(async () => expect((await counts()).size).toBe(30), { timeoutMs: 20_000 });
    const late = await orders(5);
    done = true;
    await traffic;
    for (const order of late) await grow(order, 1);
    await isRight();
    const claims = await consumers[0]!.query('SELECT FROM nestbox.inbox');
    // Events from before its start were never read.
    expect(claims.length).toBeLessThan([...truth.values()].reduce((sum, n) => sum + n, 0));
    expect(CountsProjection.states).toBeGreaterThanOrEqual(30);
  });

  it('keeps its process from being ready until it is filled', async () => {
    await orders(5);
    await published();
    let letGo!: () => void;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    CountsProjection.duringStates = () => held;
    const { app } = await consume();
    const problem = () => app.get(EventConsumer).problem();
    await eventually(() => expect(CountsProjection.states).toBeGreaterThan(0));
    expect(problem()).toBe('joining the group');
    letGo();
    await isRight();
    await eventually(() => expect(problem()).toBeUndefined());
  });

  it('is filled to the end by the next process when one dies in the middle of it', async () => {
    const before = await orders(60);
    for (const order of before) await grow(order, 1);
    await published();
    let applied = 0;
    CountsProjection.duringStates = async () => {
      if (++applied > 25) throw new Error('The process has died.');
    };
    const first = await consume();
    await eventually(() => expect(applied).toBeGreaterThan(25));
    await first.app.close();
    consumers = [];
    CountsProjection.duringStates = async () => undefined;
    for (const order of before.slice(0, 10)) await grow(order, 1);
    const second = await consume();
    await isRight();
    await eventually(async () => expect(await second.query('SELECT FROM nestbox.bootstraps WHERE done_at IS NULL')).toEqual([]));
  });

  it('does not have what is gone, and is rebuilt from states though its events are gone', async () => {
    const [kept, gone] = (await orders(2)) as [Order, Order];
    await grow(kept, 3);
    await forget(gone);
    await published();
    const context = await consume();
    await isRight();
    await grow(kept, 1);
    await isRight();
    const projections = context.app.get(Projections);
    const { id } = await projections.rebuild(view.id, { actor: 'ada', reason: 'counted otherwise' });
    await eventually(async () => expect(await projections.state(id)).toMatchObject({ status: 'live' }), { timeoutMs: 20_000 });
    expect(await counts()).toEqual(truth);
    await grow(kept, 2);
    await isRight();
    // Rebuilt from the states, not from the events.
    expect(await context.query('SELECT FROM nestbox.inbox i JOIN nestbox.handlers h ON h.id = i.handler WHERE h.name = $1', [view.id])).toHaveLength(2);
  });

  it('is refused where it follows no event', async () => {
    await expect(consume({ handlers: [Follower] })).rejects.toMatchObject({ code: 'HANDLER_INVALID' });
  });
});
