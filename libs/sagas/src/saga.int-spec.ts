import { migrate } from '@nestbox/database';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { defineCommand, issue, uuid7 } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { RunningContext } from '../../../test/support/eventing/running-context.fixture.js';
import { Order, OrderCancelled, OrderPlaced } from '../../../test/support/eventing/shop.fixture.js';
import { sagaMigrations } from './migrations/index.js';
import { SagaRunner } from './saga-runner.js';
import { Saga } from './saga.decorator.js';
import { defineSaga } from './saga.js';
import type { SagaMessage } from './saga.js';
import { Sagas } from './sagas.js';

const SayThanks = defineCommand({
  type: 'SayThanks',
  version: 1,
  recipient: 'email',
  description: 'Thank somebody for an order.',
  schema: z.object({ orderId: z.string() }),
  key: ({ orderId }) => orderId,
  examples: [{ orderId: 'order-1' }],
});
const topics = [
  { name: 'checkout.orders', partitions: 4 },
  { name: 'email.commands', partitions: 4 },
];
const by = { actor: 'ada', reason: 'a customer called' };
const SAGA = 'checkout.thank';

/** Sends thanks some time after an order was placed, unless it was cancelled before. */
const sagaWith = (decisions: { waitMs: number; lifetimeMs?: number; decide?: (message: SagaMessage) => void }) =>
  defineSaga<{ orderId: string; heard: number }>({
    id: SAGA,
    starts: OrderPlaced,
    hears: [OrderCancelled],
    lifetimeMs: decisions.lifetimeMs ?? 3_600_000,
    decide(state, message) {
      decisions.decide?.(message);
      if (!state) {
        const { orderId } = (message as { data: { orderId: string } }).data;
        return { state: { orderId, heard: 1 }, timeouts: { thank: decisions.waitMs } };
      }
      const next = { ...state, heard: state.heard + 1 };
      if (message.kind === 'event') return { state: next, done: 'cancelled', note: 'cancelled first' };
      if (message.kind === 'operator') return message.act === 'cancel' ? 'ignored' : { state: next, timeouts: { thank: 1 } };
      if (message.name === 'lifetime') return { state: next };
      return { state: next, commands: [issue(SayThanks, { orderId: state.orderId })], done: 'completed' };
    },
  });

describe('a saga', () => {
  let database: ScratchDatabase;
  const running: RunningContext[] = [];
  let broker: InMemoryBroker;

  beforeAll(async () => {
    database = await RunningContext.database();
    await migrate({ url: database.url, migrations: sagaMigrations });
  });
  afterAll(() => database?.drop());
  beforeEach(() => void (broker = new InMemoryBroker()));
  afterEach(async () => {
    await Promise.all(running.splice(0).map((context) => context.stop()));
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    await dataSource.query(`TRUNCATE nestbox.sagas, nestbox.saga_turns, nestbox.saga_timeouts, nestbox.saga_early, orders`);
    await dataSource.destroy();
  });

  async function start(saga: ReturnType<typeof sagaWith>, log = broker): Promise<RunningContext> {
    @Saga(saga)
    @Injectable()
    class Thanking {}
    const context = await RunningContext.start({ broker: log, database, topics, providers: [Thanking as Type] });
    running.push(context);
    return context;
  }

  const storedSaga = async (shop: RunningContext, { id }: Pick<Order, 'id'>) => {
    const saga = await shop.app.get(Sagas).get(SAGA, id);
    if (!saga) throw new Error('It has not begun yet.');
    return saga;
  };
  const statusIs = (shop: RunningContext, order: Pick<Order, 'id'>, status: string) =>
    eventually(async () => expect((await storedSaga(shop, order)).status).toBe(status));
  const thanks = () => broker.log.topic('email.commands')!.flatMap(({ records }) => records);

  it('keeps its state, and sends what it decides, under one correlation, once', async () => {
    const shop = await start(sagaWith({ waitMs: 50 }));
    const [order] = await shop.place(1);
    await statusIs(shop, order!, 'completed');

    const saga = await storedSaga(shop, order!);
    expect(saga).toMatchObject({ state: { heard: 2 }, timeouts: [], endedAt: expect.any(Date) });
    expect(saga.history).toMatchObject([
      { cause: 'OrderPlaced', answer: 'taken', status: 'running', commands: [] },
      { cause: 'timeout thank', answer: 'taken', status: 'completed', commands: ['SayThanks'] },
    ]);
    await eventually(() => expect(thanks()).toHaveLength(1));
    const [placed] = broker.log.topic('checkout.orders')!.flatMap(({ records }) => records);
    const idOf = (value: Buffer | null) => (JSON.parse(String(value)) as { correlationId: string }).correlationId;
    expect(idOf(thanks()[0]!.value)).toBe(idOf(placed!.value));
  });

  it('answers by name what comes when it is over', async () => {
    const shop = await start(sagaWith({ waitMs: 1 }));
    const [order] = await shop.place(1);
    await statusIs(shop, order!, 'completed');
    order!.cancel();
    await shop.save(order!);

    await eventually(async () => expect((await storedSaga(shop, order!)).history.at(-1)).toMatchObject({ answer: 'late' }));
    expect(await storedSaga(shop, order!)).toMatchObject({ status: 'completed', state: { heard: 2 } });
    await expect(shop.app.get(Sagas).retry(SAGA, order!.id, by)).rejects.toMatchObject({ code: 'SAGA_OVER' });
    await expect(shop.app.get(Sagas).retry(SAGA, uuid7(), by)).rejects.toMatchObject({ code: 'SAGA_NOT_FOUND' });
  });

  /** An event as it arrives, of an order that nobody has placed here. */
  const arriving = (id: string, eventType: string) => {
    const eventId = uuid7();
    const envelope = { eventId, eventType, eventVersion: 1, occurredAt: '', producer: 'checkout', aggregateVersion: 1 };
    const correlation = { traceId: 'a'.repeat(32), correlationId: eventId, causationId: eventId };
    const data = { orderId: id, totalCents: 1 };
    return { ...envelope, ...correlation, data, key: id, topic: 'checkout.orders', partition: 0, offset: '0' };
  };

  it.each([
    ['before it', async (cancelled: () => Promise<void>, placed: () => Promise<void>) => (await cancelled(), await placed())],
    // Like two partitions: the saga must get both, in any order.
    ['at once with it', async (cancelled: () => Promise<void>, placed: () => Promise<void>) => void (await Promise.all([cancelled(), placed()]))],
  ])('keeps what comes before the event that starts it: %s', async (_when, deliver) => {
    const saga = sagaWith({ waitMs: 3_600_000 });
    const shop = await start(saga);
    const runner = shop.app.get(SagaRunner);
    const id = uuid7();
    await deliver(
      () => runner.handleEvent(saga, arriving(id, 'OrderCancelled')),
      () => runner.handleEvent(saga, arriving(id, 'OrderPlaced')),
    );
    expect(await storedSaga(shop, { id })).toMatchObject({ status: 'cancelled', state: { heard: 2 } });
    expect(await shop.query('SELECT FROM nestbox.saga_early')).toEqual([]);
  });

  it('takes an event that is delivered twice once', async () => {
    const saga = sagaWith({ waitMs: 3_600_000 });
    const shop = await start(saga);
    const id = uuid7();
    for (const message of [arriving(id, 'OrderPlaced'), arriving(id, 'OrderCancelled')]) {
      for (let time = 0; time < 2; time++) await shop.app.get(SagaRunner).handleEvent(saga, message);
    }
    expect((await storedSaga(shop, { id })).history).toHaveLength(2);
  });

  it('does nothing at a timeout that is no longer set, or was set anew', async () => {
    const saga = sagaWith({ waitMs: 3_600_000 });
    const shop = await start(saga);
    const runner = shop.app.get(SagaRunner);
    const [order] = await shop.place(1);
    await statusIs(shop, order!, 'running');
    // As one whose lease was taken before the saga set it anew.
    await runner.handleTimeout(saga, order!.id, 'thank');
    await runner.handleTimeout(saga, order!.id, 'apologise');

    expect(await storedSaga(shop, order!)).toMatchObject({ status: 'running', state: { heard: 1 } });
    expect((await storedSaga(shop, order!)).timeouts.map(({ name }) => name)).toContain('thank');
  });

  it('undoes all of a turn that fails, and takes it again', async () => {
    let failures = 2;
    const decide = (message: SagaMessage) => {
      if (message.kind === 'timeout' && failures-- > 0) throw new Error('the decider stumbles');
    };
    const shop = await start(sagaWith({ waitMs: 1, decide }));
    const [order] = await shop.place(1);
    // A failed timeout is leased again after 10 s; the test does not wait for that.
    await eventually(async () => {
      await shop.query(`UPDATE nestbox.saga_timeouts SET leased_until = '-infinity'`);
      expect((await storedSaga(shop, order!)).status).toBe('completed');
    });
    expect(failures).toBe(-1);
    expect((await storedSaga(shop, order!)).history).toHaveLength(2);
  });

  it('is told of its timeouts once, never early, by any number of processes', async () => {
    const waitMs = 400;
    const shop = await start(sagaWith({ waitMs }));
    await start(sagaWith({ waitMs }), new InMemoryBroker(broker.log));
    await start(sagaWith({ waitMs }), new InMemoryBroker(broker.log));
    const orders = await shop.place(60);
    await eventually(async () => {
      const [{ count }] = (await shop.query(`SELECT count(*)::int FROM nestbox.sagas WHERE status = 'completed'`)) as [{ count: number }];
      expect(count).toBe(orders.length);
    });
    const waits = await shop.query<{ turns: number; ms: number }>(
      `SELECT count(*)::int AS turns, (extract(epoch FROM max(at) - min(at)) * 1000)::float8 AS ms
       FROM nestbox.saga_turns GROUP BY id`,
    );
    expect(waits.filter(({ turns }) => turns !== 2)).toEqual([]);
    // The first decision is recorded a moment after its timeout was set: allow a few ms.
    expect(Math.min(...waits.map(({ ms }) => ms))).toBeGreaterThanOrEqual(waitMs - 5);
    await eventually(() => expect(thanks()).toHaveLength(orders.length));
  });

  it('comes to a person when its lifetime is over, and goes on when that person says so', async () => {
    const shop = await start(sagaWith({ waitMs: 3_600_000, lifetimeMs: 1 }));
    const [order] = await shop.place(1);
    await statusIs(shop, order!, 'stuck');
    expect((await shop.app.get(Sagas).list({ status: 'stuck' })).map(({ id }) => id)).toEqual([order!.id]);
    await expect(shop.app.get(Sagas).cancel(SAGA, order!.id, by)).rejects.toMatchObject({ code: 'SAGA_CANNOT_BE_CANCELLED' });

    await shop.app.get(Sagas).retry(SAGA, order!.id, by);
    await statusIs(shop, order!, 'completed');
    const causes = (await storedSaga(shop, order!)).history.map(({ cause, note }) => [cause, note]);
    expect(causes).toContainEqual(['operator retry', 'ada: a customer called']);
  });

  it('decides the second of two messages that come at once upon what the first has left', async () => {
    const shop = await start(sagaWith({ waitMs: 100 }));
    const orders = await shop.place(40);
    // Each cancellation races its order's timeout.
    await Promise.all(orders.map(async (order) => (order.cancel(), shop.save(order))));
    await eventually(async () => {
      const rows = await shop.query<{ n: number }>(`SELECT count(*)::int AS n FROM nestbox.saga_turns WHERE cause = 'OrderCancelled'`);
      expect(rows[0]!.n).toBe(orders.length);
    });
    const ended = await shop.query<{ status: string; sent: number; late: number }>(
      `SELECT s.status, sum(cardinality(t.commands))::int AS sent, count(*) FILTER (WHERE t.answer = 'late')::int AS late
       FROM nestbox.sagas s JOIN nestbox.saga_turns t USING (saga, id) GROUP BY s.id, s.status`,
    );
    expect(ended.filter(({ status, sent }) => sent !== (status === 'completed' ? 1 : 0))).toEqual([]);
    expect(ended.filter(({ status, late }) => late !== (status === 'completed' ? 1 : 0))).toEqual([]);
  });

  it('is refused by name when its id is taken, its topic unknown, or it has no end', async () => {
    expect(() => sagaWith({ waitMs: 1, lifetimeMs: Infinity })).toThrow('Saga checkout.thank: give it a lifetimeMs');
    @Saga(sagaWith({ waitMs: 1 }))
    class Thanking {}
    const boot = (topicsHere: typeof topics) =>
      RunningContext.start({ broker, database, topics: topicsHere, providers: [Thanking] });
    await expect(boot([topics[1]!])).rejects.toThrow('Saga checkout.thank: it reads topic checkout.orders, which "topics" does not list');
  });
});
