import fc from 'fast-check';
import { randomHex } from './uuid.js';

describe('random hex', () => {
  it('has two digits per byte, however the pool is cut up and however much is asked for', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(sizes, (sizes) => {
        for (const bytes of sizes) expect(randomHex(bytes)).toMatch(new RegExp(`^(?:[0-9a-f]{2}){${bytes}}$`));
      }),
      { numRuns: 30 },
    );
  });

  it('gives no byte out twice', () => {
    const ids = Array.from({ length: 5_000 }, () => randomHex(8));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('uses every digit about equally often', () => {
    const counts = new Map<string, number>();
    for (const digit of randomHex(32_000)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect(counts.size).toBe(16);
    // 4000 each; eight standard deviations are 490.
    for (const count of counts.values()) expect(Math.abs(count - 4_000)).toBeLessThan(500);
  });
});
