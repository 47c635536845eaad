import { join } from 'node:path';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'start', 'back-off.mjs');
const backOff: () => { next(livedMs: number): number } = (await import(tool)).backOff;

describe('the back-off of a crashing app', () => {
  it('doubles from one second to thirty', () => {
    const waits = backOff();
    expect([1, 2, 3, 4, 5, 6, 7].map(() => waits.next(500))).toEqual([1, 2, 4, 8, 16, 30, 30].map((s) => s * 1_000));
  });

  it('starts over once the app has lived for 15 s', () => {
    const waits = backOff();
    waits.next(500);
    waits.next(500);
    expect(waits.next(15_000)).toBe(1_000);
  });
});
