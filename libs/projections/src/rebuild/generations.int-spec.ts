import { HandlesEvent, ProjectsEvent } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { uuid7 } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { Broker } from '@nestbox/messaging';
import type { EventMessage, Subscription } from '@nestbox/messaging';
import { InMemoryBroker, InMemoryLog } from '@nestbox/messaging/testing';
import { Outbox } from '@nestbox/outbox';
import { Controller, Inject } from '@nestjs/common';
import { OrderRepository, RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import type { ContextOptions } from '../../../../test/support/eventing/running-context.fixture.js';
import { record } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { Order, OrderCancelled, OrderPlaced, shopTopics } from '../../../../test/support/eventing/shop.fixture.js';
import type { OrderData } from '../../../../test/support/eventing/shop.fixture.js';
import { gate } from '../../../messaging/src/testing/contract/harness.js';
import { Projections } from './projections.js';

const ADD = {
  name: 'add-revenue',
  text: `INSERT INTO revenue (key, cents, events) VALUES ($1, $2, 1)
    ON CONFLICT (key) DO UPDATE SET cents = revenue.cents + excluded.cents, events = revenue.events + 1`,
};
const who = { actor: 'ada', reason: 'a rule has changed' };

/** Additional work of the handlers below; tests replace it. */
const besides = { work: async (_unitOfWork: UnitOfWork, _event: EventMessage<OrderData>): Promise<void> => undefined };

/** Sums up, so that a missed or repeated event is noticed. */
class Revenue {
  constructor(@Inject(UnitOfWork) protected readonly unitOfWork: UnitOfWork) {}

  protected async add(event: EventMessage<OrderData>, factor: number): Promise<void> {
    this.unitOfWork.write({ ...ADD, values: [event.key, factor * event.data.totalCents] });
    await besides.work(this.unitOfWork, event);
  }
}

const first = { id: 'checkout.count-revenue', tables: ['revenue'] } as const;
const second = { ...first, version: 2 };
const repeatable = { ...first, repeatable: true };

@Controller()
class RevenueProjection extends Revenue {
  constructor(@Inject(UnitOfWork) unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }

  @ProjectsEvent(OrderPlaced, first)
  placed(event: EventMessage<OrderData>): Promise<void> {
    return this.add(event, 1);
  }

  @ProjectsEvent(OrderCancelled, first)
  cancelled(event: EventMessage<OrderData>): Promise<void> {
    return this.add(event, 1);
  }
}

@Controller()
class RevenueProjection2 extends Revenue {
  constructor(@Inject(UnitOfWork) unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }

  @ProjectsEvent(OrderPlaced, second)
  placed(event: EventMessage<OrderData>): Promise<void> {
    return this.add(event, 10);
  }

  @ProjectsEvent(OrderCancelled, second)
  cancelled(event: EventMessage<OrderData>): Promise<void> {
    return this.add(event, 10);
  }
}

@Controller()
class RepeatableRevenue extends Revenue {
  constructor(@Inject(UnitOfWork) unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }

  @ProjectsEvent(OrderPlaced, repeatable)
  placed(event: EventMessage<OrderData>): Promise<void> {
    return this.add(event, 1);
  }
}

@Controller()
class ReserveStock {
  @HandlesEvent(OrderPlaced, { id: 'checkout.reserve-stock' })
  reserve(): void {}
}

describe('generations of a projection', () => {
  let log: InMemoryLog;
  let contexts: RunningContext[];
  let broker: InMemoryBroker;
  let versions: Map<string, number>;

  const start = async (handlers: ContextOptions['handlers'], more: Partial<ContextOptions> = {}): Promise<RunningContext> => {
    const database = contexts[0]?.database ?? (await openDatabase());
    const context = await RunningContext.start({
      broker: new InMemoryBroker(log), handlers, database, relay: { enabled: false }, consumer: { maxBatch: 20 }, ...more,
    });
    contexts.push(context);
    return context;
  };
  const openDatabase = async () => {
    const database = await RunningContext.database();
    const helper = await RunningContext.start({ broker: new InMemoryBroker(), database });
    await helper.query('CREATE TABLE revenue (key text PRIMARY KEY, cents int NOT NULL, events int NOT NULL)');
    await helper.query('CREATE INDEX revenue_by_cents ON revenue (cents)');
    await helper.query('CREATE TABLE mails (id text)');
    await helper.app.close();
    return database;
  };
  /** New subscriptions report these values and get no records until the returned function is called. */
  const holdGroups = (said: Partial<Subscription>) => {
    const joined = contexts[0]!.app.get(Broker);
    const subscribe = joined.subscribe.bind(joined);
    const { opened, open } = gate();
    joined.subscribe = async (options) =>
      Object.assign(await subscribe({ ...options, handler: (batch, control) => opened.then(() => options.handler(batch, control)) }), said);
    return open;
  };
  const publish = (...keys: string[]) =>
    broker.publish(
      keys.map((key) => {
        const version = (versions.get(key) ?? 0) + 1;
        versions.set(key, version);
        return record(key, version);
      }),
    );
  const revenue = (schema = 'public') =>
    contexts[0]!.query<{ key: string; cents: number; events: number }>(`SELECT key, cents, events FROM ${schema}.revenue ORDER BY key`);
  /** The expected sum. */
  const truth = (factor = 1) =>
    [...versions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, n]) => ({ key, cents: (factor * 100 * n * (n + 1)) / 2, events: n }));
  const caughtUp = (group = 'checkout') =>
    eventually(async () => {
      const lags = await broker.lag(group, ['checkout.orders']);
      expect(lags.reduce((sum, { lag }) => sum + lag, 0)).toBe(0);
    }, { timeoutMs: 20_000 });
  const becomes = (id: number, status: string) =>
    eventually(async () => expect(await projections().state(id)).toMatchObject({ status }), { timeoutMs: 20_000 });
  const projections = () => contexts.at(-1)!.app.get(Projections);

  beforeEach(async () => {
    log = new InMemoryLog();
    broker = new InMemoryBroker(log);
    await broker.ensureTopics(shopTopics);
    contexts = [];
    versions = new Map();
    besides.work = async () => undefined;
  });
  afterEach(async () => {
    for (const context of contexts) await context.app.close();
    await contexts[0]?.database.drop();
  });

  it('are rebuilt beside the live one and take its place, while events keep coming', async () => {
    await start([RevenueProjection]);
    const keys = Array.from({ length: 40 }, (_, n) => `order-${String(n).padStart(2, '0')}`);
    for (let round = 0; round < 5; round++) await publish(...keys);
    await caughtUp();
    await contexts[0]!.query(`UPDATE revenue SET cents = 0 WHERE key < 'order-20'`);
    const { id } = await projections().rebuild('checkout.count-revenue', who);
    let swapped = false;
    const traffic = (async () => {
      while (!swapped) await publish(...keys);
    })();
    await becomes(id, 'live');
    swapped = true;
    await traffic;
    await publish(...keys);
    await caughtUp();
    expect(await revenue()).toEqual(truth());
    const [before] = await projections().list();
    expect(before!.generations.map(({ kind, status }) => ({ kind, status }))).toEqual([
      { kind: 'first', status: 'old' }, { kind: 'rebuild', status: 'live' },
    ]);
    expect((await revenue(`nestbox_g${before!.generations[0]!.id}`)).length).toBe(40);
  });

  it('leave names of indexes and constraints as migrations know them', async () => {
    await start([RevenueProjection]);
    await publish('order-1');
    const names = () =>
      contexts[0]!.query(`SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'revenue' ORDER BY 1`);
    const before = await names();
    await becomes((await projections().rebuild('checkout.count-revenue', who)).id, 'live');
    expect(await names()).toEqual(before);
  });

  it('are the same, row for row, however often they are built; old ones go when they are dropped', async () => {
    await start([RevenueProjection]);
    for (let round = 0; round < 3; round++) await publish('order-1', 'order-2', 'order-3');
    await caughtUp();
    const one = await projections().rebuild('checkout.count-revenue', who);
    await becomes(one.id, 'live');
    const two = await projections().rebuild('checkout.count-revenue', who);
    await becomes(two.id, 'live');
    expect(await revenue()).toEqual(await revenue(`nestbox_g${one.id}`));
    await projections().drop(one.id, who);
    const rows = await contexts[0]!.query(
      `SELECT FROM nestbox.inbox i JOIN nestbox.handlers h ON h.id = i.handler WHERE h.name = 'checkout.count-revenue@g${one.id}'`,
    );
    expect(rows).toEqual([]);
    await expect(revenue(`nestbox_g${one.id}`)).rejects.toThrow('does not exist');
  });

  it('are gone on with by the next process when the one that builds them dies', async () => {
    await start([RevenueProjection]);
    const keys = Array.from({ length: 100 }, (_, n) => `order-${n}`);
    await publish(...keys);
    await publish(...keys);
    await caughtUp();
    let applied = 0;
    const { opened, open } = gate();
    besides.work = async () => {
      if (++applied > 60) await opened;
    };
    const { id } = await projections().rebuild('checkout.count-revenue', { ...who, share: 1 });
    await eventually(() => expect(applied).toBeGreaterThan(60), { timeoutMs: 10_000 });
    const { progress } = (await projections().state(id))!;
    expect(progress!.left).toBeGreaterThan(0);
    const dying = contexts[0]!.app.close();
    open();
    await dying;
    besides.work = async () => undefined;
    await start([RevenueProjection]);
    contexts.shift();
    await becomes(id, 'live');
    expect(new Map((await revenue()).map(({ key, cents }) => [key, cents]))).toEqual(new Map(truth().map(({ key, cents }) => [key, cents])));
  });

  it('stand still, saying why, over an event that cannot be applied, and are given up on request', async () => {
    await start([RevenueProjection]);
    await publish('order-1', 'order-2');
    await caughtUp();
    besides.work = async (_unitOfWork, { key }) => {
      if (key === 'order-2') throw new TypeError('not any more');
    };
    const { id } = await projections().rebuild('checkout.count-revenue', who);
    await eventually(async () => expect((await projections().state(id))!.problem).toContain('1 events could not be applied'), { timeoutMs: 20_000 });
    await expect(projections().rebuild('checkout.count-revenue', who)).rejects.toThrow('is being built');
    await projections().cancel(id, who);
    expect(await revenue()).toEqual(truth());
    expect(await projections().state(id)).toMatchObject({ status: 'cancelled' });
  });

  it('do not stand still for as long as it takes to join their group', async () => {
    await start([RevenueProjection]);
    await publish('order-1');
    await caughtUp();
    let joining = 0;
    let joined = false;
    const open = holdGroups({ problem: () => (joined ? undefined : `joining the group, asked ${++joining} times`) });
    const { id } = await projections().rebuild('checkout.count-revenue', who);
    await eventually(async () => {
      expect(await projections().state(id)).toMatchObject({ status: 'building', problem: null });
      expect(joining).toBeGreaterThan(5);
    });
    joined = true;
    open();
    await becomes(id, 'live');
  });

  it('stand still at once, saying why, where their group waits for an operator', async () => {
    await start([RevenueProjection]);
    await publish('order-1');
    await caughtUp();
    const problem = 'the log does not hold what it wants';
    const open = holdGroups({ problem: () => problem, waitsForOperator: () => true });
    const { id } = await projections().rebuild('checkout.count-revenue', who);
    await eventually(async () => expect(await projections().state(id)).toMatchObject({ status: 'building', problem }));
    open();
  });

  it('of a new version of the code are built beside the old one, whose processes then stand aside', async () => {
    await start([RevenueProjection]);
    const keys = ['order-1', 'order-2', 'order-3', 'order-4'];
    for (let round = 0; round < 5; round++) await publish(...keys);
    await caughtUp();
    expect(await revenue()).toEqual(truth());
    await start([RevenueProjection2]);
    await eventually(async () => {
      await publish(...keys);
      const [listed] = await projections().list();
      expect(listed!.generations.map(({ status, version }) => [version, status])).toEqual([[1, 'old'], [2, 'live']]);
    }, { timeoutMs: 20_000 });
    await publish(...keys);
    await caughtUp('checkout');
    await caughtUp('checkout.count-revenue.v2');
    expect(await revenue()).toEqual(truth(10));
    await start([RevenueProjection]);
    await publish(...keys);
    await caughtUp('checkout');
    await caughtUp('checkout.count-revenue.v2');
    expect(await revenue()).toEqual(truth(10));
  });

  it('are replayed in part, though every event has been seen before', async () => {
    await start([RepeatableRevenue]);
    await publish('order-1', 'order-2', 'order-3', 'order-4');
    await caughtUp();
    const dry = await projections().measureReplay('checkout.count-revenue', {});
    expect(dry).toBe(4);
    const { id } = await projections().replay('checkout.count-revenue', who);
    await becomes(id, 'done');
    expect((await revenue()).map(({ events }) => events)).toEqual([2, 2, 2, 2]);
    const none = await projections().replay('checkout.count-revenue', { ...who, from: '2999-01-01T00:00:00Z' });
    await becomes(none.id, 'done');
    expect((await revenue()).map(({ events }) => events)).toEqual([2, 2, 2, 2]);
    await expect(projections().measureReplay('checkout.count-revenue', { from: 'tomorrow' })).rejects.toThrow('neither a time');
  });

  it('are replayed by projections only, and only by those that may be applied twice', async () => {
    await start([RevenueProjection, ReserveStock]);
    await expect(projections().replay('checkout.count-revenue', who)).rejects.toThrow('rebuild it instead');
    await expect(projections().rebuild('checkout.reserve-stock', who)).rejects.toThrow('reaction');
    await expect(projections().rebuild('checkout.unheard-of', who)).rejects.toThrow('no projection');
  });

  it.each<[string, string, (unitOfWork: UnitOfWork, event: EventMessage<OrderData>, context: RunningContext) => Promise<void>]>([
    ['sends a message', 'may not send messages', async (_unitOfWork, _event, { app }) => void app.get(Outbox).add(Order.place(1, uuid7()).pendingEvents())],
    ['writes a mail to be sent', 'relation "mails" does not exist', async (unitOfWork) => void (await unitOfWork.query(`INSERT INTO mails VALUES ('now')`))],
    ['opens a transaction of its own', 'may begin no other transaction', (unitOfWork) => unitOfWork.runNew(async () => undefined)],
  ])('have no effect but on their tables, whatever their author does: one that %s', async (_what, refusal, careless) => {
    await start([RepeatableRevenue]);
    await publish('order-1');
    await caughtUp();
    const context = contexts[0]!;
    besides.work = (unitOfWork, event) => careless(unitOfWork, event, context);
    const { id } = await projections().rebuild('checkout.count-revenue', who);
    await eventually(async () => {
      const deadLetters = await context.query<{ error_message: string }>('SELECT error_message FROM nestbox.dead_letters WHERE handler = $1', [`checkout.count-revenue@g${id}`]);
      expect(deadLetters.map(({ error_message: message }) => message).join()).toContain(refusal);
    }, { timeoutMs: 20_000 });
    expect(await context.query('SELECT FROM mails')).toEqual([]);
    expect(await context.query('SELECT FROM nestbox.outbox')).toEqual([]);
  });

  it('may inject nothing that reaches the world', async () => {
    @Controller()
    class Careless {
      constructor(@Inject(OrderRepository) private readonly orders: OrderRepository) {}

      @ProjectsEvent(OrderPlaced, first)
      placed(): unknown {
        return this.orders;
      }
    }
    await expect(start([Careless])).rejects.toThrow('Careless fills revenue and injects OrderRepository');
  });

  it('are refused for tables that no copy can stand for', async () => {
    await start([RevenueProjection]);
    await contexts[0]!.query('CREATE TABLE months (key text REFERENCES revenue)');
    await expect(projections().rebuild('checkout.count-revenue', who)).rejects.toThrow('has foreign key months_key_fkey');
    expect((await projections().list())[0]!.generations).toEqual([]);
  });
});
