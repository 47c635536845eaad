import { setTimeout as pause } from 'node:timers/promises';
import type { PartitionLag } from '@nestbox/messaging';
import { byTopic, Downtime, Progress } from './progress.js';

const at = (partition: number, committed: string | null, lag: number): PartitionLag => ({
  topic: 'checkout.orders', partition, committed, lag, end: '100',
});

describe('the progress of a group', () => {
  it('is measured from when a partition with a lag was last seen to move', () => {
    const progress = new Progress();
    progress.look('email', [at(0, '10', 5)], 1_000);
    expect(progress.look('email', [at(0, '10', 7)], 4_000)).toMatchObject([{ lag: 7, stalledMs: 3_000 }]);
    expect(progress.look('email', [at(0, '10', 7)], 4_500)).toMatchObject([{ stalledMs: 3_500 }]);
    expect(progress.look('email', [at(0, '11', 6)], 5_000)).toMatchObject([{ stalledMs: 0 }]);
    expect(progress.look('email', [at(0, '11', 6)], 9_000)).toMatchObject([{ stalledMs: 4_000 }]);
  });

  it('is not missed where there was nothing to read: the time begins with the first record that waits', () => {
    const progress = new Progress();
    progress.look('email', [at(0, '10', 0)], 1_000);
    progress.look('email', [at(0, '10', 0)], 60_000);
    expect(progress.look('email', [at(0, '10', 1)], 65_000)).toMatchObject([{ stalledMs: 5_000 }]);
  });

  it('of a group that has never committed is measured too, and apart from other groups', () => {
    const progress = new Progress();
    progress.look('email', [at(0, null, 5)], 0);
    progress.look('search', [at(0, '3', 5)], 0);
    expect(progress.look('email', [at(0, null, 5)], 2_000)).toMatchObject([{ stalledMs: 2_000 }]);
    expect(progress.look('search', [at(0, '4', 4)], 2_000)).toMatchObject([{ stalledMs: 0 }]);
  });

  it('is not expected of a group that is held, and measured from its release', () => {
    const progress = new Progress();
    progress.look('email', [at(0, '10', 5)], 0, true);
    expect(progress.look('email', [at(0, '10', 5)], 600_000, true)).toMatchObject([{ lag: 5, stalledMs: 0 }]);
    expect(progress.look('email', [at(0, '10', 5)], 605_000)).toMatchObject([{ stalledMs: 5_000 }]);
  });

  it('by topic is the sum of the lags and the longest standstill', () => {
    const states = [{ lag: 5, stalledMs: 0 }, { lag: 7, stalledMs: 900 }].map((state, partition) => ({ topic: 'checkout.orders', partition, ...state }));
    expect(byTopic(states)).toEqual([{ topic: 'checkout.orders', lag: 12, stalledMs: 900 }]);
  });
});

describe('a downtime', () => {
  it('lasts from the first problem in a row to the latest, whatever they are, and ends with them', async () => {
    const downtime = new Downtime();
    expect(downtime.note(undefined)).toBe(0);
    downtime.note('joining the group');
    await pause(20);
    const first = downtime.note('the broker does not answer');
    expect(first).toBeGreaterThan(10);
    await pause(20);
    expect(downtime.note('the broker does not answer')).toBeGreaterThan(first);
    expect(downtime.note(undefined)).toBe(0);
    expect(downtime.note('joining the group')).toBeLessThan(first);
  });

  it('may have begun before the first look', () => {
    expect(new Downtime(performance.now() - 5_000).note('joining the group')).toBeGreaterThanOrEqual(5_000);
  });
});
