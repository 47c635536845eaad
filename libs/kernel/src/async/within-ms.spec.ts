import { withinMs } from './within-ms.js';

const never = () => new Promise<never>(() => undefined);

describe('within a time', () => {
  it('is the answer of work that is done in time', async () => {
    expect(await withinMs(60_000, async () => 'done', () => 'late')).toBe('done');
  });

  it('is the failure of work that fails in time, before its first await as well as after', async () => {
    await expect(withinMs(60_000, async () => Promise.reject(new Error('no')), () => 'late')).rejects.toThrow('no');
    await expect(withinMs(60_000, () => { throw new Error('at once'); }, () => 'late')).rejects.toThrow('at once');
  });

  it('is what stands for an answer that comes too late', async () => {
    expect(await withinMs(5, never, () => 'late')).toBe('late');
  });

  it('is the error of whoever takes lateness for one', async () => {
    const tooLate = () => {
      throw new RangeError('late');
    };
    await expect(withinMs(5, never, tooLate)).rejects.toThrow(RangeError);
  });

  it('asks for lateness only when it is late, and leaves no timer behind', async () => {
    let asked = false;
    await withinMs(5, async () => 'done', () => (asked = true));
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(asked).toBe(false);
  });

  it('counts what work does before its first await', async () => {
    const blocking = async () => {
      for (const end = performance.now() + 20; performance.now() < end; );
      await new Promise((resolve) => setTimeout(resolve, 10));
    };
    expect(await withinMs(15, blocking, () => 'late')).toBe('late');
  });
});
