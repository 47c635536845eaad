import { setTimeout as pace } from 'node:timers/promises';
import { withinMs } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import type { Broker, SubscribeOptions, Subscription } from '../../broker/broker.js';
import { gate } from './harness.js';
import type { BrokerHarness, Scene } from './harness.js';
import { after, Ledger } from './ledger.js';

export function describeGroups(scene: () => Scene, harness: () => BrokerHarness): void {
  describe('groups', () => {
    it('gives every group everything, under exactly the name it asked for', async () => {
      const broker = await scene().shop(2);
      const ledgers = [new Ledger(), new Ledger()];
      const groups = [scene().group('email'), `${scene().group('email')}-slow`];
      await broker.publish(Array.from({ length: 20 }, (_, i) => scene().order(`order-${i}`, `${i}`)));
      for (const [i, group] of groups.entries()) {
        await scene().subscribe(broker, { group, handler: ledgers[i].keep() });
      }
      for (const group of groups) await scene().caughtUp(broker, group);
      for (const ledger of ledgers) expect(new Set(ledger.values()).size).toBe(20);
      const stranger = await broker.lag(`${groups[0]}-consumer`, [scene().orders]);
      expect(stranger.map(({ committed }) => committed)).toEqual([null, null]);
    });

    it('lets a group begin where it is told to, and one that is consuming be', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('analytics');
      const ledger = new Ledger();
      await broker.publish(['1', '2', '3'].map((value) => scene().order('order-1', value)));
      await broker.seek(group, scene().orders, ['2']);
      const subscription = await scene().subscribe(broker, { group, handler: ledger.keep() });
      await scene().caughtUp(broker, group);
      await broker.seek(group, scene().orders, ['0']).catch(() => undefined);
      expect(await scene().lag(broker, group)).toMatchObject({ committed: '3' });
      await subscription.stop();
      expect(ledger.values()).toEqual(['3']);
    });

    it('starts a group that comes late at the earliest record, and a returning one where it left', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('analytics');
      const early = new Ledger();
      await broker.publish(['1', '2'].map((value) => scene().order('order-1', value)));
      const subscription = await scene().subscribe(broker, { group, handler: early.keep() });
      await scene().caughtUp(broker, group);
      await subscription.stop();
      await broker.publish([scene().order('order-1', '3')]);
      const late = new Ledger();
      await scene().subscribe(broker, { group, handler: late.keep() });
      await scene().caughtUp(broker, group);
      expect(early.values()).toEqual(['1', '2']);
      expect(late.values()).toEqual(['3']);
    });

    it('shares partitions among members that come and go, loses nothing and never runs one twice at once', async () => {
      const first = await scene().shop(4);
      const second = await scene().broker();
      const group = scene().group('inventory');
      const ledger = new Ledger();
      const traffic = new Traffic(scene(), first);
      const options: Omit<SubscribeOptions, 'topics'> = { group, handler: ledger.keep(), maxBatch: 20 };
      const one = await scene().subscribe(first, options);
      await eventually(() => expect(one.assigned()).toHaveLength(4));
      const two = await scene().subscribe(second, options);
      await eventually(() => expect([one.assigned().length, two.assigned().length]).toEqual([2, 2]), { timeoutMs: 20_000 });
      await one.stop();
      await eventually(() => expect(two.assigned()).toHaveLength(4), { timeoutMs: 20_000 });
      const three = await scene().subscribe(first, options);
      await eventually(() => expect(three.assigned()).toHaveLength(2), { timeoutMs: 20_000 });
      const sent = await traffic.stop();
      await scene().caughtUp(first, group);
      expect(ledger.overlaps).toEqual([]);
      expect(missing(sent, ledger)).toEqual([]);
      for (let key = 0; key < 20; key++) {
        const firstSeen = [...new Set(ledger.of(`order-${key}`))].map((value) => Number(value.split(':')[1]));
        expect(firstSeen).toEqual([...firstSeen].sort((a, b) => a - b));
      }
    });

    it('tells which partitions any member owns, and that nobody owns those of a group without members', async () => {
      const broker = await scene().shop(3);
      const group = scene().group('inventory');
      const owned = async () => (await broker.owned(group)).map(({ topic, partition }) => `${topic} ${partition}`).sort();
      expect(await owned()).toEqual([]);
      const subscription = await scene().subscribe(broker, { group, handler: new Ledger().keep() });
      await eventually(async () => expect(await owned()).toEqual([0, 1, 2].map((partition) => `${scene().orders} ${partition}`)), { timeoutMs: 20_000 });
      await subscription.stop();
      await eventually(async () => expect(await owned()).toEqual([]));
    });

    it('waits with handing over a partition until the running batch is done', async () => {
      const first = await scene().shop(2);
      const second = await scene().broker();
      const group = scene().group('inventory');
      const ledger = new Ledger();
      const [entered, taken, finish] = [gate(), gate(), gate()];
      await first.publish(Array.from({ length: 20 }, (_, i) => scene().order(`order-${i}`, `${i}`)));
      await scene().subscribe(first, {
        group,
        handler: ledger.keep(() => {
          entered.open();
          return finish.opened;
        }),
      });
      await entered.opened;
      const joined = await scene().subscribe(second, { group, handler: ledger.keep(() => taken.open()) });
      // Nothing may happen here. Long enough for every adapter to notice the new member and to hand over too early.
      await withinMs(3_000, () => taken.opened, () => undefined);
      expect(joined.assigned()).toEqual([]);
      finish.open();
      await eventually(() => expect(joined.assigned()).toHaveLength(1), { timeoutMs: 20_000 });
      await scene().caughtUp(first, group);
      expect(ledger.overlaps).toEqual([]);
      expect(ledger.records).toHaveLength(20);
    });

    it('consumes again after a coordinator that had moved and was still loading when its member came back', async () => {
      const broker = await scene().shop(2);
      const group = scene().group('email');
      const ledger = new Ledger();
      const sent = Array.from({ length: 10 }, (_, i) => scene().order(`order-${i}`, `${i}`));
      const subscription = await scene().subscribe(broker, { group, handler: ledger.keep() });
      await broker.publish(sent);
      await scene().caughtUp(broker, group);
      const turnedAway = await harness().reload(group);
      await eventually(async () => expect(await turnedAway()).toBe(2), { timeoutMs: 20_000 });
      await broker.publish(sent.map(({ key, value }) => scene().order(key, `${String(value)} again`)));
      await scene().caughtUp(broker, group);
      expect(new Set(ledger.values()).size).toBe(20);
      await eventually(() => expect(subscription.problem()).toBeUndefined());
      expect(subscription.assigned()).toHaveLength(2);
    });

    it('refuses the commit of a member that was taken for dead, and keeps its successor’s', async () => {
      const first = await scene().shop(1);
      const second = await scene().broker();
      const group = scene().group('email');
      const { late, entered, finish, verdict } = paused();
      await first.publish(['1', '2', '3'].map((value) => scene().order('order-1', value)));
      await scene().subscribe(first, { group, handler: late });
      await entered.opened;
      const ledger = new Ledger();
      await harness().expel(group);
      const successor = await succeed(() => scene().subscribe(second, { group, handler: ledger.keep() }));
      await eventually(() => expect(ledger.values()).toEqual(['1', '2', '3']), { timeoutMs: 20_000 });
      finish.open();
      await eventually(() => expect(verdict()).toMatchObject({ code: 'PARTITION_LOST' }));
      await eventually(async () => expect(await scene().lag(second, group)).toMatchObject({ committed: '3', lag: 0 }));
      await successor.stop();
    });
  });
}

/** Publishes orders continuously until stopped: `order-<k>` gets `<k>:0`, `<k>:1` and so on. */
class Traffic {
  private running = true;
  private readonly sent: string[] = [];
  private readonly finished: Promise<void>;

  constructor(private readonly scene: Scene, private readonly broker: Broker) {
    this.finished = this.run();
  }

  async stop(): Promise<readonly string[]> {
    this.running = false;
    await this.finished;
    return this.sent;
  }

  private async run(): Promise<void> {
    for (let version = 0; this.running; version++) {
      const values = Array.from({ length: 20 }, (_, key) => `${key}:${version}`);
      await this.broker.publish(values.map((value) => this.scene.order(`order-${value.split(':')[0]}`, value)));
      this.sent.push(...values);
      await pace(5);
    }
  }
}

function missing(sent: readonly string[], ledger: Ledger): string[] {
  const seen = new Set(ledger.values());
  return sent.filter((value) => !seen.has(value));
}

/** A handler that hangs like a stopped process, then tries to commit its batch. */
function paused() {
  const entered = gate();
  const finish = gate();
  let verdict: unknown;
  let calls = 0;
  const late: SubscribeOptions['handler'] = async ({ records }, control) => {
    if (calls++ > 0) return control.commit(after(records));
    entered.open();
    await finish.opened;
    verdict = await control.commit(records[0].offset + 1).catch((error: unknown) => error);
  };
  return { late, entered, finish, verdict: () => verdict };
}

async function succeed(subscribe: () => Promise<Subscription>): Promise<Subscription> {
  const subscription = await subscribe();
  await eventually(() => expect(subscription.problem()).toBeUndefined());
  return subscription;
}
