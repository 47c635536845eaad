import { Repeater } from './repeater.js';

const rest = () => new Promise((resolve) => setTimeout(resolve, 40));

describe('a repeater', () => {
  it('runs again after each interval until it is stopped', async () => {
    let runs = 0;
    const repeater = new Repeater(5, async () => void (runs += 1));
    repeater.start();
    await rest();
    await repeater.stop();
    expect(runs).toBeGreaterThan(1);
    const before = runs;
    await rest();
    expect(runs).toBe(before);
  });

  it('runs one at a time, and its stop waits for the present run', async () => {
    let inside = 0;
    const seen: number[] = [];
    const repeater = new Repeater(1, async () => {
      seen.push((inside += 1));
      await rest();
      inside -= 1;
    });
    repeater.start();
    repeater.start();
    await rest();
    await repeater.stop();
    expect(inside).toBe(0);
    expect(new Set(seen)).toEqual(new Set([1]));
  });

  it('does not sleep while there is more to do', async () => {
    let left = 3;
    const repeater = new Repeater(200, async () => (left -= 1) > 0);
    const start = performance.now();
    repeater.start();
    while (left > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(performance.now() - start).toBeLessThan(400);
    await repeater.stop();
  });

  it('is stopped at once when it sleeps, or was never started', async () => {
    const repeater = new Repeater(60_000, async () => undefined);
    repeater.start();
    await repeater.stop();
    await new Repeater(60_000, async () => undefined).stop();
  });
});
