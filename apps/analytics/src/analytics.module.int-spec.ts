import { OrderCancelled, OrderPlaced, OrderShipped, PaymentCaptured, StockRejected, StockReserved } from '@nestbox/contracts';
import { uuid7 } from '@nestbox/kernel';
import { ShopApp } from '../../../test/support/shop-app.js';
import { AnalyticsModule } from './analytics.module.js';
import { migrations } from './persistence/migrations/index.js';

function orderAt(placedAt: string, totalCents: number) {
  const orderId = uuid7();
  const customer = { orderId, userId: 'user-7', email: 'ada@example.com' };
  const lines = [{ sku: 'mug-blue', quantity: 1, unitPriceCents: totalCents }];
  const placed: OrderPlaced = { ...customer, lines, totalCents, placedAt };
  const cancelled: OrderCancelled = { ...customer, reason: 'customer', totalCents, placedAt };
  return { orderId, placed, cancelled };
}

describe('analytics', () => {
  let analytics: ShopApp;

  beforeAll(async () => {
    analytics = await ShopApp.start(AnalyticsModule, migrations);
  });
  afterAll(() => analytics?.stop());

  /** Each test uses its own days. */
  const revenueBy = async (by: string, ...days: string[]) => {
    await analytics.caughtUp('analytics', 'checkout.orders', 'inventory.reservations');
    const { body } = await analytics.get<{ period: string }[]>(`/reports/revenue?by=${by}`);
    return body.filter(({ period }) => days.includes(period.slice(0, 10)));
  };

  it('has counted nothing yet', async () => {
    expect((await analytics.get('/reports/funnel')).body).toEqual({ placed: 0, reserved: 0, rejected: 0, paid: 0, shipped: 0, cancelled: 0 });
    expect((await analytics.get('/reports/revenue')).body).toEqual([]);
  });

  it('sums up revenue by hour and by day, in UTC', async () => {
    for (const [placedAt, cents] of [
      ['2026-11-22T23:59:59.999Z', 100],
      ['2026-11-23T00:00:00.000Z', 20],
      ['2026-11-23T00:59:59.999Z', 3],
      ['2026-11-23T01:00:00.000Z', 1_000_000_000_000],
    ] as const) {
      await analytics.hear(OrderPlaced, orderAt(placedAt, cents).placed);
    }
    expect(await revenueBy('hour', '2026-11-22', '2026-11-23')).toEqual([
      { period: '2026-11-22T23:00:00Z', orders: 1, totalCents: 100 },
      { period: '2026-11-23T00:00:00Z', orders: 2, totalCents: 23 },
      { period: '2026-11-23T01:00:00Z', orders: 1, totalCents: 1_000_000_000_000 },
    ]);
    expect(await revenueBy('day', '2026-11-22', '2026-11-23')).toEqual([
      { period: '2026-11-22', orders: 1, totalCents: 100 },
      { period: '2026-11-23', orders: 3, totalCents: 1_000_000_000_023 },
    ]);
  });

  it('takes a cancelled order back from the period in which it was placed, in whichever order it hears', async () => {
    const [kept, late, early] = [100, 20, 3].map((cents) => orderAt('2026-11-24T06:30:00.000Z', cents));
    await analytics.hear(OrderCancelled, early!.cancelled, { aggregateVersion: 2 });
    for (const { placed } of [kept!, late!, early!]) await analytics.hear(OrderPlaced, placed);
    await analytics.hear(OrderCancelled, late!.cancelled, { aggregateVersion: 2 });
    expect(await revenueBy('day', '2026-11-24')).toEqual([{ period: '2026-11-24', orders: 1, totalCents: 100 }]);
  });

  it('shows no period of which nothing is left', async () => {
    const { placed, cancelled } = orderAt('2026-11-25T06:30:00.000Z', 100);
    await analytics.hear(OrderPlaced, placed);
    await analytics.hear(OrderCancelled, cancelled, { aggregateVersion: 2 });
    expect(await revenueBy('day', '2026-11-25')).toEqual([]);
  });

  it('stays exact when hundreds arrive at once and half of them again', async () => {
    const orders = Array.from({ length: 400 }, (_, n) => orderAt(`2026-11-26T${n % 2 ? '06' : '07'}:30:00.000Z`, n));
    const eventIds = await Promise.all(orders.map(({ placed }) => analytics.hear(OrderPlaced, placed)));
    await Promise.all(orders.slice(0, 200).map(({ placed }, n) => analytics.hear(OrderPlaced, placed, { eventId: eventIds[n]! })));
    expect(await revenueBy('day', '2026-11-26')).toEqual([{ period: '2026-11-26', orders: 400, totalCents: (399 * 400) / 2 }]);
  });

  it('counts how far orders get', async () => {
    const before = (await analytics.get<Record<string, number>>('/reports/funnel')).body;
    const [first, second] = [orderAt('2026-11-27T06:30:00.000Z', 100), orderAt('2026-11-27T06:30:00.000Z', 100)];
    await analytics.hear(OrderPlaced, first.placed);
    await analytics.hear(OrderPlaced, second.placed);
    const topics = ['checkout.orders', 'inventory.reservations', 'payments.payments', 'shipping.shipments'];
    await analytics.hear(StockReserved, { orderId: first.orderId, lines: [{ sku: 'mug-blue', quantity: 1 }] });
    const shortages = [{ sku: 'mug-blue', requested: 1, available: 0 }];
    await analytics.hear(StockRejected, { orderId: second.orderId, shortages });
    await analytics.hear(OrderCancelled, second.cancelled, { aggregateVersion: 2 });
    await analytics.hear(PaymentCaptured, { orderId: first.orderId, amountCents: 100 });
    await analytics.hear(OrderShipped, { orderId: first.orderId, region: 'DE', shippedAt: '2026-11-27T06:31:00.000Z' });
    await analytics.caughtUp('analytics', ...topics);
    expect((await analytics.get('/reports/funnel')).body).toEqual({
      placed: before.placed! + 2,
      reserved: before.reserved! + 1,
      rejected: before.rejected! + 1,
      paid: before.paid! + 1,
      shipped: before.shipped! + 1,
      cancelled: before.cancelled! + 1,
    });
  });

  it.each(['/reports/revenue?by=week', '/reports/revenue?by=day&by=hour', '/reports/revenue?from=2026'])('refuses %s', async (path) => {
    expect((await analytics.get(path)).status).toBe(400);
  });
});
