import type { GroupView, LeasedLog } from '../../broker/leased-log.js';

export interface LeasedLogHarness {
  readonly log: LeasedLog;
  createTopic(name: string, partitions: number): Promise<void>;
  /** Simulates that no member of the group has renewed in time. */
  expel(group: string): Promise<void>;
  close(): Promise<void>;
}

const TTL_MS = 30_000;
const orders = 'checkout.orders';

/** What a LeasedLog must guarantee by itself: the part of fencing that must not depend on the members. */
export function describeLeasedLogContract(name: string, createHarness: () => Promise<LeasedLogHarness>): void {
  describe(`Leases in ${name}`, () => {
    let harness: LeasedLogHarness;
    let log: LeasedLog;

    beforeEach(async () => {
      harness = await createHarness();
      log = harness.log;
      await harness.createTopic(orders, 2);
    });
    afterEach(() => harness.close());

    async function join(member: string): Promise<GroupView> {
      await log.join('email', { id: member, topics: [orders] }, TTL_MS);
      return log.view('email');
    }

    it('give a partition to one of two that saw it free', async () => {
      const view = await join('first');
      await join('second');
      const taken = await Promise.all(['first', 'second'].map((member) => log.take('email', member, view.partitions)));
      expect(taken.flat().map(({ id }) => id).sort()).toEqual(view.partitions.map(({ id }) => id).sort());
    });

    it('take a commit from the owner at its epoch only', async () => {
      const [lease] = await log.take('email', 'first', (await join('first')).partitions);
      expect(await log.commit('email', 'first', lease, 3n)).toBe(true);
      await harness.expel('email');
      const view = await join('second');
      const [heir] = await log.take('email', 'second', view.partitions.filter(({ id }) => id === lease.id));
      expect(heir).toEqual({ id: lease.id, epoch: lease.epoch + 1n, committed: 3n });
      expect(await log.commit('email', 'first', lease, 9n)).toBe(false);
      expect(await log.commit('email', 'first', heir, 9n)).toBe(false);
      expect(await log.commit('email', 'second', lease, 9n)).toBe(false);
      expect(await log.commit('email', 'second', heir, 4n)).toBe(true);
    });

    it('never move a commit backwards', async () => {
      const [lease] = await log.take('email', 'first', (await join('first')).partitions);
      await log.commit('email', 'first', lease, 5n);
      await log.commit('email', 'first', lease, 2n);
      await log.release('email', 'first', [lease.id]);
      const [again] = await log.take('email', 'first', (await log.view('email')).partitions.filter(({ id }) => id === lease.id));
      expect(again.committed).toBe(5n);
    });

    it('tell the dead that they are dead, for good', async () => {
      await join('first');
      expect(await log.renew('email', 'first', TTL_MS)).toBe(true);
      await harness.expel('email');
      expect(await log.renew('email', 'first', TTL_MS)).toBe(false);
      expect((await log.view('email')).members).toEqual([]);
    });

    it('bury a member that did not renew in time, and nobody else', async () => {
      await log.join('email', { id: 'paused', topics: [orders] }, -1);
      await join('alive');
      await log.renew('email', 'alive', TTL_MS);
      expect((await log.view('email')).members.map(({ id }) => id)).toEqual(['alive']);
      expect(await log.renew('email', 'paused', TTL_MS)).toBe(false);
    });

    it('refuse to take what changed hands since it was seen', async () => {
      const old = await join('first');
      await log.take('email', 'first', old.partitions);
      expect(await log.take('email', 'second', old.partitions)).toEqual([]);
    });
  });
}
