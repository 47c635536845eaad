import { differenceIn } from './likeness.js';

describe('what is said against what is expected', () => {
  it('may say more', () => {
    expect(differenceIn({ orderId: 'o-1', total: { cents: 5, currency: 'EUR' } }, { total: { cents: 5 } })).toBeUndefined();
  });

  it('has lists of the same length', () => {
    expect(differenceIn({ lines: [{ sku: 'mug' }, { sku: 'pen' }] }, { lines: [{ sku: 'mug' }] })).toBe('"lines" is no list of 1');
    expect(differenceIn({ lines: [] }, { lines: [{ sku: 'mug' }] })).toBe('"lines" is no list of 1');
    expect(differenceIn({ lines: 'mug' }, { lines: [{ sku: 'mug' }] })).toBe('"lines" is no list of 1');
  });

  it('lacks nothing, deep down neither', () => {
    expect(differenceIn(undefined, { total: {} })).toBe('the data is missing');
    expect(differenceIn({}, { total: { cents: 5 } })).toBe('"total" is missing');
    expect(differenceIn({ lines: [{}] }, { lines: [{ sku: 'mug' }] })).toBe('"lines[0].sku" is missing');
    expect(differenceIn({ lines: [{ sku: 'pen' }] }, { lines: [{ sku: 'mug' }] })).toBe('"lines[0].sku" is "pen", not "mug"');
  });
});
