import { setTimeout as pause } from 'node:timers/promises';
import { Downtime } from './downtime.js';

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

  it('may have begun before anybody looked', () => {
    expect(new Downtime(performance.now() - 5_000).note('joining the group')).toBeGreaterThanOrEqual(5_000);
  });
});
