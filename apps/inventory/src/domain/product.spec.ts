import { Product } from './product.js';

const told = (product: Product) => product.pendingEvents().map(({ data }) => data);

describe('a product', () => {
  it('says at which price it is listed', () => {
    const mug = Product.of('mug-blue');
    mug.list('Blue mug', 1250);
    expect(told(mug)).toEqual([{ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 }]);
  });

  it('says nothing when it is listed as it was', () => {
    const mug = Product.of('mug-blue');
    mug.list('Blue mug', 1250);
    mug.markSaved();
    mug.list('Blue mug', 1250);
    expect(told(mug)).toEqual([]);
  });

  it('says so when its name or its price changes', () => {
    const mug = Product.of('mug-blue');
    mug.list('Blue mug', 1250);
    mug.list('Blue mug, large', 1250);
    mug.list('Blue mug, large', 1500);
    expect(told(mug)).toHaveLength(3);
    expect(mug.version).toBe(3);
  });
});
