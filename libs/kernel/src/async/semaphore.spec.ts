import { Semaphore } from './semaphore.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a semaphore', () => {
  it('lets in as many as it has places, and the others in the order of their coming', async () => {
    const semaphore = new Semaphore(2);
    const inside: number[] = [];
    for (const n of [1, 2, 3, 4]) void semaphore.acquire().then(() => inside.push(n));
    await turn();
    expect(inside).toEqual([1, 2]);
    semaphore.release();
    await turn();
    expect(inside).toEqual([1, 2, 3]);
    semaphore.release();
    await turn();
    expect(inside).toEqual([1, 2, 3, 4]);
  });

  it('gives a place to whoever waits, not to who comes in the very turn that it is given back in', async () => {
    const semaphore = new Semaphore(1);
    const inside: string[] = [];
    await semaphore.acquire();
    const waited = semaphore.acquire().then(() => inside.push('waited'));
    semaphore.release();
    void semaphore.acquire().then(() => inside.push('came later'));
    await waited;
    await turn();
    expect(inside).toEqual(['waited']);
  });

  it('has its place again when nobody waited for it', async () => {
    const semaphore = new Semaphore(1);
    for (let n = 0; n < 3; n++) {
      await semaphore.acquire();
      semaphore.release();
    }
  });

  it('passes over those who have gone when their turn comes', async () => {
    const semaphore = new Semaphore(1);
    const told: string[] = [];
    let isGone = false;
    await semaphore.acquire();
    void semaphore.acquire(() => isGone).then((admitted) => told.push(`first ${admitted}`));
    void semaphore.acquire().then((admitted) => told.push(`second ${admitted}`));
    isGone = true;
    semaphore.release();
    await turn();
    expect(told).toEqual(['first false', 'second true']);
  });

  it('sends those who have gone away before their turn, and keeps the others in their order', async () => {
    const semaphore = new Semaphore(1);
    const inside: number[] = [];
    await semaphore.acquire();
    for (const n of [1, 2, 3, 4]) void semaphore.acquire(() => n % 2 === 0).then((admitted) => admitted && inside.push(n));
    semaphore.dismissGone();
    expect(semaphore.waiting).toBe(2);
    for (let n = 0; n < 3; n++) semaphore.release();
    await turn();
    expect(inside).toEqual([1, 3]);
  });
});
