import { backOff } from './back-off.js';

describe('backing off', () => {
  it('doubles from 100 ms to 5 s', () => {
    expect([0, 1, 2, 5, 6, 7].map((failures) => backOff(failures))).toEqual([100, 200, 400, 3_200, 5_000, 5_000]);
  });

  it('takes other limits', () => {
    expect([0, 1, 2].map((failures) => backOff(failures, { firstMs: 50, longestMs: 120 }))).toEqual([50, 100, 120]);
  });

  it('never overflows, however long something is down', () => {
    expect(backOff(1_000_000)).toBe(5_000);
    expect(backOff(1_000_000, { firstMs: 0 })).toBe(0);
  });
});
