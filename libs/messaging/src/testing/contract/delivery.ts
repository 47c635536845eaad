import { eventually } from '@nestbox/kernel/testing';
import { EventingError } from '../../eventing.error.js';
import { gate } from './harness.js';
import type { Scene } from './harness.js';
import { after, Ledger } from './ledger.js';

export function describeDelivery(scene: () => Scene): void {
  describe('delivery', () => {
    it('reports lag from the earliest record until the group commits', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('email');
      await broker.publish(['1', '2', '3'].map((value) => scene().order('order-1', value)));
      expect(await scene().lag(broker, group)).toMatchObject({ partition: 0, committed: null, end: '3', lag: 3 });
      await scene().subscribe(broker, { group, handler: new Ledger().keep() });
      await eventually(async () => expect(await scene().lag(broker, group)).toMatchObject({ committed: '3', end: '3', lag: 0 }));
    });

    it('delivers again what a handler rejected, and commits nothing of it', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('email');
      const attempts: string[][] = [];
      await broker.publish(['1', '2', '3'].map((value) => scene().order('order-1', value)));
      const subscription = await scene().subscribe(broker, {
        group,
        handler: async ({ records }) => {
          attempts.push(records.map(({ value }) => String(value)));
          throw new Error('The mail server is down.');
        },
      });
      await eventually(() => expect(attempts.length).toBeGreaterThanOrEqual(3));
      for (const attempt of attempts) expect(attempt[0]).toBe('1');
      expect(await scene().lag(broker, group)).toMatchObject({ committed: null, lag: 3 });
      await subscription.stop();
      expect(await scene().lag(broker, group)).toMatchObject({ committed: null, lag: 3 });
    });

    it('asks again soon when a handler is paused, and lets other partitions go on meanwhile', async () => {
      const broker = await scene().shop(2);
      const group = scene().group('email');
      const ledger = new Ledger();
      const keep = ledger.keep();
      let paused: number | undefined;
      let asked = 0;
      const orders = Array.from({ length: 20 }, (_, n) => scene().order(`order-${n}`, `${n}`));
      await broker.publish(orders);
      await scene().subscribe(broker, {
        group,
        concurrency: 1,
        handler: async (batch, control) => {
          paused ??= batch.partition;
          if (batch.partition !== paused) return keep(batch, control);
          asked += 1;
          throw new EventingError('PAUSED', 'An operator wants it so.');
        },
      });
      await eventually(() => expect(asked).toBeGreaterThanOrEqual(3));
      await eventually(() => expect(ledger.records.length).toBeGreaterThan(0));
      expect(ledger.records.map(({ partition }) => partition)).not.toContain(paused);
      paused = -1;
      await scene().caughtUp(broker, group);
      expect(ledger.records).toHaveLength(orders.length);
    });

    it('delivers from the last commit on when a handler fails halfway', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('inventory');
      const handled: string[] = [];
      let failures = 0;
      await broker.publish(Array.from({ length: 10 }, (_, i) => scene().order('order-1', `${i}`)));
      await scene().subscribe(broker, {
        group,
        handler: async ({ records }, control) => {
          for (const record of records) {
            if (String(record.value) === '4' && failures++ === 0) throw new Error('Deadlock detected.');
            handled.push(String(record.value));
            await control.commit((BigInt(record.offset) + 1n).toString());
          }
        },
      });
      await scene().caughtUp(broker, group);
      expect(handled).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
      expect(failures).toBe(2);
    });

    it('delivers again what a handler left uncommitted without failing', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('inventory');
      const batches: string[][] = [];
      await broker.publish(Array.from({ length: 6 }, (_, i) => scene().order('order-1', `${i}`)));
      await scene().subscribe(broker, {
        group,
        handler: async ({ records }, control) => {
          batches.push(records.map(({ value }) => String(value)));
          if (batches.length > 1) await control.commit(after(records.slice(0, 2)));
        },
      });
      await scene().caughtUp(broker, group);
      expect(batches.map(([first]) => first)).toEqual(['0', '0', '2', '4']);
    });

    it('never moves a commit backwards and takes none beyond the batch', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('inventory');
      let beyond: unknown;
      await broker.publish(Array.from({ length: 3 }, (_, i) => scene().order('order-1', `${i}`)));
      await scene().subscribe(broker, {
        group,
        handler: async ({ records }, control) => {
          beyond = await control.commit((BigInt(after(records)) + 5n).toString()).catch((error: unknown) => error);
          await control.commit(after(records));
          await control.commit(records[0].offset);
        },
      });
      await scene().caughtUp(broker, group);
      expect(beyond).toBeInstanceOf(RangeError);
      expect(await scene().lag(broker, group)).toMatchObject({ committed: '3' });
    });

    it('hands over at most maxBatch records at once', async () => {
      const broker = await scene().shop(1);
      const sizes: number[] = [];
      const ledger = new Ledger();
      await broker.publish(Array.from({ length: 25 }, (_, i) => scene().order('order-1', `${i}`)));
      await scene().subscribe(broker, {
        group: scene().group('analytics'),
        maxBatch: 10,
        handler: ledger.keep((records) => sizes.push(records.length)),
      });
      await eventually(() => expect(ledger.records).toHaveLength(25));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
      expect(ledger.values()).toEqual(Array.from({ length: 25 }, (_, i) => `${i}`));
    });

    it('goes on with the other partitions while one keeps failing', async () => {
      const broker = await scene().shop(4);
      const group = scene().group('inventory');
      const ledger = new Ledger();
      const keep = ledger.keep();
      let failed = 0;
      await scene().subscribe(broker, {
        group,
        handler: async (batch, control) => {
          if (batch.partition !== 0) return keep(batch, control);
          failed++;
          throw new Error('This one is poison.');
        },
      });
      for (let round = 0; round < 5; round++) {
        await broker.publish(Array.from({ length: 40 }, (_, i) => scene().order(`order-${i}`, `${round}`)));
        await eventually(async () => {
          const open = (await broker.lag(group, [scene().orders])).filter(({ partition, lag }) => partition > 0 && lag > 0);
          expect(open).toEqual([]);
        });
      }
      await eventually(() => expect(failed).toBeGreaterThanOrEqual(3));
      const [poisoned] = await broker.lag(group, [scene().orders]);
      expect(poisoned).toMatchObject({ partition: 0, committed: null });
      expect(poisoned.lag).toBeGreaterThan(0);
    });

    it('goes on with the other partitions while one is slow', async () => {
      const broker = await scene().shop(4);
      const group = scene().group('inventory');
      const ledger = new Ledger();
      const keep = ledger.keep();
      const { opened, open } = gate();
      await scene().subscribe(broker, {
        group,
        handler: async (batch, control) => {
          if (batch.partition === 0) await opened;
          await keep(batch, control);
        },
      });
      for (let round = 0; round < 3; round++) {
        await broker.publish(Array.from({ length: 40 }, (_, i) => scene().order(`order-${i}`, `${round}`)));
        await eventually(async () => {
          const waiting = (await broker.lag(group, [scene().orders])).filter(({ partition, lag }) => partition > 0 && lag > 0);
          expect(waiting).toEqual([]);
        });
      }
      open();
      await scene().caughtUp(broker, group);
      expect(ledger.records).toHaveLength(120);
    });

    it('stops only after the running handler has finished, and its commit counts', async () => {
      const broker = await scene().shop(1);
      const group = scene().group('email');
      const entered = gate();
      const finish = gate();
      let owned: boolean | undefined;
      await broker.publish([scene().order('order-1', '1')]);
      const subscription = await scene().subscribe(broker, {
        group,
        handler: async ({ records }, control) => {
          entered.open();
          await finish.opened;
          owned = control.isOwned();
          await control.commit(after(records));
        },
      });
      await entered.opened;
      let stopped = false;
      const stopping = subscription.stop().then(() => (stopped = true));
      await subscription.problem();
      expect(stopped).toBe(false);
      finish.open();
      await stopping;
      expect(owned).toBe(false);
      expect(await scene().lag(broker, group)).toMatchObject({ committed: '1', lag: 0 });
    });
  });
}
