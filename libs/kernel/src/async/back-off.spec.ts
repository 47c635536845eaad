import { backOff, RECONNECT } from './back-off.js';

describe('backing off', () => {
  it('doubles from 100 ms to 5 s', () => {
    expect([0, 1, 2, 5, 6, 7].map((failures) => backOff(failures))).toEqual([100, 200, 400, 3_200, 5_000, 5_000]);
  });

  it('takes other limits', () => {
    expect([0, 1, 2].map((failures) => backOff(failures, { firstMs: 50, longestMs: 120 }))).toEqual([50, 100, 120]);
  });

  it('takes off up to a quarter where many wait for the same, and reaches a second at most', () => {
    const waits = Array.from({ length: 200 }, () => backOff(9, RECONNECT));
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(750);
    expect(new Set(waits).size).toBeGreaterThan(1);
  });

  it('never overflows, however long something is down', () => {
    expect(backOff(1_000_000)).toBe(5_000);
    expect(backOff(1_000_000, { firstMs: 0 })).toBe(0);
  });
});
