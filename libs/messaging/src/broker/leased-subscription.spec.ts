import { eventually } from '@nestbox/kernel/testing';
import { InMemoryLog } from '../testing/in-memory.log.js';
import type { BatchControl } from './broker.js';
import type { GroupView } from './leased-log.js';
import { LeasedSubscription } from './leased-subscription.js';

const group = 'email';
const SESSION_MS = 300;

/** A log whose store can stop answering renewals. */
class SilentLog extends InMemoryLog {
  silent = false;
  renewed = 0;

  override async renew(...given: Parameters<InMemoryLog['renew']>): Promise<boolean> {
    if (this.silent) return new Promise(() => undefined);
    this.renewed += 1;
    return super.renew(...given);
  }
}

describe('a member of a group', () => {
  let log: SilentLog;
  let control: BatchControl | undefined;
  let finish: () => void;

  beforeEach(async () => {
    control = undefined;
    log = new SilentLog();
    log.createTopic({ name: 'checkout.orders', partitions: 1 });
    const handler = (_batch: unknown, given: BatchControl) => {
      control ??= given;
      return new Promise<void>((resolve) => (finish = resolve));
    };
    const options = { group, topics: ['checkout.orders'], handler, sessionTimeoutMs: SESSION_MS };
    // Never stopped: a store that does not answer does not answer that either. Its timers end with the file.
    new LeasedSubscription(log, options, () => undefined);
    log.append([{ topic: 'checkout.orders', key: 'order-1', value: '{}', headers: {} }]);
    await eventually(() => expect(control?.isOwned()).toBe(true));
  });
  afterEach(() => finish());

  it('stops trusting its membership before its session is over, though nobody says so', async () => {
    await eventually(() => expect(log.renewed).toBeGreaterThan(0));
    log.silent = true;
    await eventually(() => expect(control!.isOwned()).toBe(false), { timeoutMs: 2 * SESSION_MS });
  });

  it('gives up a partition that has changed hands meanwhile, though it seems to be its own', async () => {
    const { members, partitions } = await log.view(group);
    await log.take(group, members[0]!.id, partitions);

    await eventually(() => expect(control!.isOwned()).toBe(false), { timeoutMs: 10 * SESSION_MS });
    await expect(control!.commit('1')).rejects.toMatchObject({ code: 'PARTITION_LOST' });
  });
});

describe('a member that has joined', () => {
  /** Counts the looks that members take at their group. */
  class WatchedLog extends InMemoryLog {
    looks = 0;

    override async view(group: string): Promise<GroupView> {
      this.looks += 1;
      return super.view(group);
    }
  }

  it('is still joining while others have all that it is due, and no longer once it owns a partition', async () => {
    const log = new WatchedLog();
    log.createTopic({ name: 'checkout.orders', partitions: 2 });
    await log.join(group, { id: 'other', topics: ['checkout.orders'] }, 60_000);
    const taken = await log.take(group, 'other', (await log.view(group)).partitions);
    const subscription = new LeasedSubscription(log, { group, topics: ['checkout.orders'], handler: async () => undefined, sessionTimeoutMs: SESSION_MS }, () => undefined);
    const before = log.looks;
    await eventually(() => expect(log.looks).toBeGreaterThan(before + 4));
    expect(subscription.problem()).toBe('joining the group');

    await log.release(group, 'other', taken.map(({ id }) => id));
    await eventually(() => expect(subscription.problem()).toBeUndefined());
    expect(subscription.assigned()).toHaveLength(1);
    await subscription.stop();
  });
});
