import { orderIdRange } from './order-id-range.js';

describe('looking for an order by the beginning of its id', () => {
  it('spans all ids that begin so', () => {
    expect(orderIdRange('0191E7a0-5c')).toEqual([
      '0191e7a0-5c00-0000-0000-000000000000',
      '0191e7a0-5cff-ffff-ffff-ffffffffffff',
    ]);
  });

  it('spans one id when all of it is there', () => {
    const id = '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f';
    expect(orderIdRange(` ${id} `)).toEqual([id, id]);
  });

  it.each(['cafe', 'mug-blue', '0191e7a05', '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f0'])('takes %j for no id', (text) => {
    expect(orderIdRange(text)).toBeUndefined();
  });
});
