import { MOST_OF_ONE_SKU, Order } from './order.js';
import type { Wish } from './order.js';

const prices = new Map([
  ['mug-blue', 1250],
  ['tea-green', 799],
  ['palace', 900_000_000_000],
]);
const wish: Wish = {
  orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
  userId: 'user-7',
  email: 'ada@example.com',
  lines: [{ sku: 'mug-blue', quantity: 2 }],
  prices,
  now: new Date('2026-11-23T06:00:00Z'),
};
const place = (...lines: Wish['lines']) => Order.place({ ...wish, lines });
const told = (order: Order) => order.pendingEvents().map(({ contract, data }) => ({ type: contract.type, data }));

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

describe('an order', () => {
  it('says that it was placed, at the prices of that moment', () => {
    const order = place({ sku: 'mug-blue', quantity: 2 }, { sku: 'tea-green', quantity: 1 });
    expect(order).toMatchObject({ status: 'placed', totalCents: 3299, version: 1 });
    expect(told(order)).toEqual([
      {
        type: 'OrderPlaced',
        data: {
          orderId: wish.orderId,
          userId: 'user-7',
          email: 'ada@example.com',
          lines: [
            { sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 },
            { sku: 'tea-green', quantity: 1, unitPriceCents: 799 },
          ],
          totalCents: 3299,
          placedAt: '2026-11-23T06:00:00.000Z',
        },
      },
    ]);
  });

  it('merges two lines of one sku', () => {
    const order = place({ sku: 'mug-blue', quantity: 2 }, { sku: 'mug-blue', quantity: 3 });
    expect(order.lines).toEqual([{ sku: 'mug-blue', quantity: 5, unitPriceCents: 1250 }]);
  });

  it('refuses a sku that is not for sale', () => {
    expect(codeOf(() => place({ sku: 'unicorn', quantity: 1 }))).toBe('UNKNOWN_SKU');
  });

  it('refuses more of one sku than an order may hold, also across lines', () => {
    const half = { sku: 'mug-blue', quantity: MOST_OF_ONE_SKU / 2 };
    expect(codeOf(() => place(half, half))).toBeUndefined();
    expect(codeOf(() => place(half, half, { sku: 'mug-blue', quantity: 1 }))).toBe('QUANTITY_TOO_HIGH');
  });

  it('refuses a total that could no longer be counted in whole cents', () => {
    expect(codeOf(() => place({ sku: 'palace', quantity: 2 }))).toBe('ORDER_TOTAL_TOO_HIGH');
  });

  it('says that it was cancelled, with what is to be taken back', () => {
    const order = place({ sku: 'mug-blue', quantity: 2 });
    order.markSaved();
    order.cancel('customer');
    expect(order.status).toBe('cancelled');
    expect(told(order)).toEqual([
      {
        type: 'OrderCancelled',
        data: {
          orderId: wish.orderId,
          userId: 'user-7',
          email: 'ada@example.com',
          reason: 'customer',
          totalCents: 2500,
          placedAt: '2026-11-23T06:00:00.000Z',
        },
      },
    ]);
  });

  it('is cancelled once', () => {
    const order = place({ sku: 'mug-blue', quantity: 2 });
    order.cancel('customer');
    order.cancel('timeout');
    expect(codeOf(() => order.requestCancellation())).toBe('ORDER_ALREADY_CANCELLED');
    expect(order.version).toBe(2);
  });

  it('is asked once to be cancelled', () => {
    const order = place({ sku: 'mug-blue', quantity: 2 });
    order.requestCancellation();
    expect(order.status).toBe('cancelling');
    expect(codeOf(() => order.requestCancellation())).toBe('ORDER_ALREADY_CANCELLED');
  });

  it('cannot be cancelled once it has been shipped', () => {
    const order = place({ sku: 'mug-blue', quantity: 2 });
    order.reach('shipped');
    expect(codeOf(() => order.requestCancellation())).toBe('ORDER_ALREADY_SHIPPED');
    expect(codeOf(() => order.cancel('customer'))).toBe('ORDER_ALREADY_SHIPPED');
  });

  it('moves on and never back, and stays with the wish to cancel it until that is decided', () => {
    const order = place({ sku: 'mug-blue', quantity: 2 });
    expect([order.reach('paid'), order.reach('reserved'), order.status]).toEqual([true, false, 'paid']);
    order.requestCancellation();
    expect([order.reach('paid'), order.status]).toEqual([false, 'cancelling']);
    order.reach('shipped');
    expect(order.status).toBe('shipped');
  });
});
