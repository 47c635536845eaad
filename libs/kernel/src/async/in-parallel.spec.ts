import { inParallel } from './in-parallel.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work in parallel', () => {
  it('takes the items in order, and never more than the limit at a time', async () => {
    const begun: number[] = [];
    let inside = 0;
    let most = 0;
    await inParallel(2, [1, 2, 3, 4, 5], async (item) => {
      begun.push(item);
      most = Math.max(most, (inside += 1));
      await turn();
      inside -= 1;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('fails when one item fails', async () => {
    await expect(inParallel(2, [1, 2], async (item) => Promise.reject(new Error(`no ${item}`)))).rejects.toThrow('no 1');
  });
});
