import { Storm } from './storm.js';

describe('a storm of equal messages', () => {
  it('is told once, and counted until it is told again', () => {
    const storm = new Storm();
    expect(storm.admit('503 UNAVAILABLE', 0)).toBe(0);
    expect(storm.admit('503 UNAVAILABLE', 10)).toBeUndefined();
    expect(storm.admit('503 UNAVAILABLE', 9_999)).toBeUndefined();
    expect(storm.admit('503 UNAVAILABLE', 10_000)).toBe(2);
  });

  it('is told how large it was when it is over', async () => {
    const storm = new Storm();
    const long = Date.now() - 9_990;
    storm.admit('503 UNAVAILABLE', long);
    const told = new Promise<number>((resolve) => {
      for (let n = 0; n < 7; n++) storm.admit('503 UNAVAILABLE', Date.now(), resolve);
      // Keeps the child process alive.
      setTimeout(() => undefined, 1_000);
    });
    expect(await told).toBe(7);
    expect(storm.admit('503 UNAVAILABLE', long + 10_001)).toBe(0);
  });

  it('may be told a few times first', () => {
    const storm = new Storm(2);
    expect([0, 1, 2, 3].map((now) => storm.admit('503 UNAVAILABLE', now))).toEqual([0, 0, undefined, undefined]);
    expect(storm.admit('503 UNAVAILABLE', 10_000)).toBe(2);
  });

  it('holds no other message back', () => {
    const storm = new Storm();
    storm.admit('503 UNAVAILABLE', 0);
    expect(storm.admit('500', 1)).toBe(0);
  });

  it('remembers a limited number of texts', () => {
    const storm = new Storm();
    for (let n = 0; n < 1_000; n++) storm.admit(`order ${n} failed`, n);
    const [seen] = Object.values(storm).filter((field) => field instanceof Map);
    expect(seen.size).toBeLessThanOrEqual(100);
  });
});
