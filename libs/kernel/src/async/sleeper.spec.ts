import { Sleeper } from './sleeper.js';

const LONG = 60_000;

describe('a sleeper', () => {
  it('sleeps as long as it is told', async () => {
    const start = performance.now();
    await new Sleeper().sleep(30);
    expect(performance.now() - start).toBeGreaterThanOrEqual(25);
  });

  it('wakes one per call', async () => {
    const sleeper = new Sleeper();
    const woken: string[] = [];
    const asleep = ['first', 'second'].map((name) => sleeper.sleep(LONG).then(() => woken.push(name)));
    sleeper.wakeOne();
    await asleep[0];
    expect(woken).toEqual(['first']);
    sleeper.wakeOne();
    await Promise.all(asleep);
  });

  it('remembers, once, a call for one that came while nobody slept', async () => {
    const sleeper = new Sleeper();
    sleeper.wakeOne();
    sleeper.wakeOne();
    await sleeper.sleep(LONG);
    expect(await isOver(sleeper.sleep(20))).toBe(false);
  });

  it('wakes everybody who sleeps', async () => {
    const sleeper = new Sleeper();
    const asleep = [sleeper.sleep(LONG), sleeper.sleep(LONG), sleeper.sleep(LONG)];
    sleeper.wake();
    await Promise.all(asleep);
  });

  it('forgets a call for everybody that came while nobody slept', async () => {
    const sleeper = new Sleeper();
    sleeper.wake();
    expect(await isOver(sleeper.sleep(20))).toBe(false);
  });

  it('wakes without its name', async () => {
    const sleeper = new Sleeper();
    const { wake, wakeOne } = sleeper;
    for (const call of [wake, wakeOne]) {
      const asleep = sleeper.sleep(LONG);
      call();
      await asleep;
    }
  });
});

async function isOver(sleep: Promise<void>): Promise<boolean> {
  let over = false;
  void sleep.then(() => (over = true));
  await new Promise((resolve) => setImmediate(resolve));
  return over;
}
