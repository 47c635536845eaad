import { eventually } from '@nestbox/kernel/testing';
import type { SubscribeOptions, Subscription, TopicPartition } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { BacklogMetrics } from '@nestbox/operations';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import type { ContextOptions } from '../../../../test/support/eventing/running-context.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { EventingHealth } from '../../../eventing/src/eventing.health.js';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';

/** A broker whose first clients own partitions, report no problem, and read nothing. */
class DeafBroker extends InMemoryBroker {
  subscribed = 0;
  stopped = 0;
  away: string | undefined;
  /** True: the broker is up and down in turns. */
  flaps = false;
  /** What those clients own. */
  owns = [0, 1, 2, 3].map((partition) => ({ topic: 'checkout.orders', partition }));
  ownedByOthers: TopicPartition[] = [];

  constructor(
    log: ShopUnderPoison['log'],
    private readonly deafClients: number,
  ) {
    super(log);
  }

  override async subscribe(options: SubscribeOptions): Promise<Subscription> {
    if (this.subscribed++ >= this.deafClients) return super.subscribe(options);
    return { assigned: () => this.owns, problem: () => undefined, stop: async () => void (this.stopped += 1) };
  }

  override async owned(group: string): Promise<TopicPartition[]> {
    return [...(await super.owned(group)), ...this.ownedByOthers];
  }

  override async problem(): Promise<string | undefined> {
    if (this.flaps) this.away = this.away === undefined ? 'nobody answers' : undefined;
    return this.away;
  }
}

describe('the watchdog', () => {
  let shop: ShopUnderPoison;
  let broker: DeafBroker;
  const gaveUp: string[] = [];
  const open = async (deafClients: number, watchdogMs = 100, watching: Partial<ContextOptions> = { alerting: { everyMs: 20 } }) => {
    shop = new ShopUnderPoison();
    gaveUp.length = 0;
    broker = new DeafBroker(shop.log, deafClients);
    await shop.start([poisonedHandlers(shop.poison).ReserveStock], {
      ...watching, broker, consumer: { ...watching.consumer, watchdogMs, giveUp: (why) => gaveUp.push(why) },
    });
    await shop.publish('order-1', 'order-1');
  };
  const readiness = () => shop.context.app.get(EventingHealth).problem();
  const rebuilds = async () => (await shop.context.app.get(ConsumerMetrics).rebuilds.get()).values.map(({ value }) => value);
  afterEach(() => shop.close());

  it('replaces a client that reads nothing although there is something to read; the events are handled then', async () => {
    await open(1);
    await eventually(async () => expect(await readiness()).toMatch(/^consumer: group checkout does not read checkout\.orders\[\d\], 2 records behind$/));
    await shop.caughtUp();

    expect(await shop.versionsOf('inventory.reserve-stock', 'order-1')).toEqual([1, 2]);
    await eventually(async () => expect(await readiness()).toBeUndefined());
    expect([broker.stopped, broker.subscribed, await rebuilds(), gaveUp]).toEqual([1, 2, [1], []]);
  });

  it('replaces a client that has joined and owns nothing, where nobody else owns those partitions; the process goes on', async () => {
    await open(1);
    broker.owns = [];
    await eventually(async () => expect(await readiness()).toMatch(/^consumer: nobody in group checkout reads checkout\.orders\[\d\], 2 records behind$/));
    await shop.caughtUp();

    expect(await shop.versionsOf('inventory.reserve-stock', 'order-1')).toEqual([1, 2]);
    await eventually(async () => expect(await readiness()).toBeUndefined());
    expect([broker.stopped, broker.subscribed, await rebuilds(), gaveUp]).toEqual([1, 2, [1], []]);
  });

  it('leaves a client alone that owns nothing because another process has everything, and is slow', async () => {
    await open(99);
    [broker.owns, broker.ownedByOthers] = [[], broker.owns];
    const { stalled } = shop.context.app.get(ConsumerMetrics);
    await eventually(async () => expect((await stalled.get()).values[0]?.value).toBeGreaterThan(0.5));
    expect([await rebuilds(), gaveUp, await readiness()]).toEqual([[], [], undefined]);
  });

  it('replaces it as well in an app that leaves out everything for operators', async () => {
    await open(1, 100, { operations: false, consumer: { monitorEveryMs: 20 } });
    await shop.caughtUp();

    expect([broker.stopped, broker.subscribed, await rebuilds(), gaveUp]).toEqual([1, 2, [1], []]);
  });

  it('gives the process up when a new client does no better, and is not ready meanwhile', async () => {
    await open(99);
    await eventually(() => expect(gaveUp.length).toBeGreaterThan(0));

    expect(gaveUp[0]).toMatch(/does not read checkout\.orders\[\d\], 2 records behind, although its client has been replaced$/);
    expect(await readiness()).toMatch(/^consumer: group checkout does not read/);
    expect(await rebuilds()).toEqual([1]);
  });

  it('does nothing while the broker is away: a new client could do nothing either', async () => {
    await open(99);
    broker.away = 'nobody answers';
    const { watched } = shop.context.app.get(BacklogMetrics);
    const from = Date.now() / 1_000 + 0.5;
    await eventually(async () => expect((await watched.get()).values[0]?.value).toBeGreaterThan(from));
    expect([await rebuilds(), gaveUp]).toEqual([[], []]);
  });

  it('does nothing to a client whose broker comes and goes: its groups need time to gather again', async () => {
    await open(99, 1_000);
    broker.flaps = true;
    const { stalled } = shop.context.app.get(ConsumerMetrics);
    await eventually(async () => expect((await stalled.get()).values[0]?.value).toBeGreaterThan(2), { timeoutMs: 30_000 });
    expect([await rebuilds(), gaveUp]).toEqual([[], []]);
  });

  it('leaves a handler alone that takes its time', async () => {
    await open(0);
    let letGo!: () => void;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    shop.poison.be(() => held);
    await shop.publish('order-2');
    const { stalled } = shop.context.app.get(ConsumerMetrics);
    await eventually(async () => expect((await stalled.get()).values[0]?.value).toBeGreaterThan(0.3));
    expect([await rebuilds(), gaveUp, await readiness()]).toEqual([[], [], undefined]);
    letGo();
    await shop.caughtUp();
  });
});
