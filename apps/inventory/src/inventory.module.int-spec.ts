import { OrderCancelled, OrderPlaced, OrderShipped, ReleaseStock, StockForgone, StockRejected, StockReleased, StockReserved } from '@nestbox/contracts';
import type { ProductListed } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { ShopApp } from '../../../test/support/shop-app.js';
import { InventoryModule } from './inventory.module.js';
import { migrations } from './persistence/migrations/index.js';

const placedAt = '2026-11-23T06:00:00.000Z';
type Wanted = Record<string, number>;

function orderPlaced(wanted: Wanted, orderId = uuid7()): OrderPlaced {
  const lines = Object.entries(wanted).map(([sku, quantity]) => ({ sku, quantity, unitPriceCents: 100 }));
  return { orderId, userId: 'user-7', email: 'ada@example.com', lines, totalCents: 100, placedAt };
}

function orderCancelled(orderId: string): OrderCancelled {
  return { orderId, userId: 'user-7', email: 'ada@example.com', reason: 'customer', totalCents: 100, placedAt };
}

describe('inventory', () => {
  let inventory: ShopApp;

  beforeAll(async () => {
    inventory = await ShopApp.start(InventoryModule, migrations);
  });
  afterAll(() => inventory?.stop());

  const list = (sku: string, onHand: unknown, priceCents: unknown = 1250) =>
    inventory.send('PUT', `/products/${sku}`, { name: `Product ${sku}`, priceCents, onHand });
  const stockOf = async (sku: string) => (await inventory.get(`/products/${sku}`)).body;
  const caughtUp = () => inventory.caughtUp('inventory', 'checkout.orders');
  const saidOf = (orderId: string) =>
    inventory.said('inventory.reservations').filter(({ data }) => (data as { orderId: string }).orderId === orderId);
  const saysOf = (orderId: string, ...types: string[]) =>
    eventually(() => expect(saidOf(orderId).map(({ eventType }) => eventType)).toEqual(types));

  async function orderOf(wanted: Wanted): Promise<string> {
    const order = orderPlaced(wanted);
    await inventory.hear(OrderPlaced, order);
    return order.orderId;
  }

  it('lists a product, and says so when name or price change', async () => {
    expect(await list('mug-blue', 10)).toMatchObject({
      status: 200,
      body: { sku: 'mug-blue', name: 'Product mug-blue', priceCents: 1250, onHand: 10, reserved: 0, shipped: 0 },
    });
    await list('mug-blue', 12);
    await list('mug-blue', 12, 1300);
    await eventually(() => {
      const said = inventory.said('inventory.products').filter(({ data }) => (data as ProductListed).sku === 'mug-blue');
      expect(said.map(({ data }) => (data as ProductListed).priceCents)).toEqual([1250, 1300]);
      expect(said.map(({ aggregateVersion }) => aggregateVersion)).toEqual([1, 2]);
    });
    expect(await stockOf('mug-blue')).toMatchObject({ onHand: 12, priceCents: 1300 });
  });

  it('lets many list one new product at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => list('mug-crowded', n)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it('sets all lines of an order aside, and gives them back when it is cancelled', async () => {
    await list('plate', 5);
    await list('bowl', 5);
    const orderId = await orderOf({ plate: 2, bowl: 5 });
    await saysOf(orderId, StockReserved.type);
    expect(await stockOf('bowl')).toMatchObject({ onHand: 5, reserved: 5 });
    await inventory.hear(OrderCancelled, orderCancelled(orderId), { aggregateVersion: 2 });
    await saysOf(orderId, StockReserved.type, StockReleased.type);
    expect(saidOf(orderId).map(({ aggregateVersion }) => aggregateVersion)).toEqual([1, 2]);
    expect([await stockOf('plate'), await stockOf('bowl')]).toMatchObject([{ reserved: 0 }, { reserved: 0 }]);
  });

  it('sets nothing aside when one line is short, and says what is missing', async () => {
    await list('fork', 10);
    await list('knife', 1);
    const orderId = await orderOf({ fork: 2, knife: 2 });
    await saysOf(orderId, StockRejected.type);
    expect(saidOf(orderId)[0]!.data).toEqual({ orderId, shortages: [{ sku: 'knife', requested: 2, available: 1 }] });
    expect(await stockOf('fork')).toMatchObject({ reserved: 0 });
  });

  it('rejects a product that it has never had', async () => {
    const orderId = await orderOf({ unicorn: 1 });
    await saysOf(orderId, StockRejected.type);
  });

  it('reserves ten for fifty orders that want ten, and never goes below zero', async () => {
    await list('last-ten', 10);
    const orderIds = await Promise.all(Array.from({ length: 50 }, () => orderOf({ 'last-ten': 1 })));
    await caughtUp();
    await eventually(() => expect(orderIds.flatMap(saidOf)).toHaveLength(50));
    const types = orderIds.flatMap(saidOf).map(({ eventType }) => eventType);
    expect(types.filter((type) => type === StockReserved.type)).toHaveLength(10);
    expect(types.filter((type) => type === StockRejected.type)).toHaveLength(40);
    expect(await stockOf('last-ten')).toMatchObject({ onHand: 10, reserved: 10 });
  });

  it('does not deadlock when orders want the same products in different sequence', async () => {
    await list('salt', 1_000);
    await list('pepper', 1_000);
    const pairs = Array.from({ length: 20 }, (_, n): Wanted => (n % 2 ? { salt: 1, pepper: 1 } : { pepper: 1, salt: 1 }));
    await Promise.all(pairs.map(orderOf));
    await caughtUp();
    expect([await stockOf('salt'), await stockOf('pepper')]).toMatchObject([{ reserved: 20 }, { reserved: 20 }]);
    expect(inventory.warnings.filter((warning) => warning.includes('deadlock'))).toEqual([]);
  });

  it('does once what it is told three times', async () => {
    await list('spoon', 10);
    const order = orderPlaced({ spoon: 2 });
    const eventId = uuid7();
    await Promise.all([1, 2, 3].map(() => inventory.hear(OrderPlaced, order, { eventId })));
    await inventory.hear(OrderPlaced, order, { eventId: uuid7() });
    await caughtUp();
    await saysOf(order.orderId, StockReserved.type);
    expect(await stockOf('spoon')).toMatchObject({ reserved: 2 });
  });

  it('sets nothing aside for an order whose cancellation it heard first', async () => {
    await list('cup', 10);
    const order = orderPlaced({ cup: 2 });
    await inventory.hear(OrderCancelled, orderCancelled(order.orderId));
    await caughtUp();
    await inventory.hear(OrderPlaced, order);
    await caughtUp();
    await saysOf(order.orderId, StockForgone.type);
    expect(await stockOf('cup')).toMatchObject({ reserved: 0 });
  });

  it('counts what has been shipped out of the house, once', async () => {
    await list('vase', 5);
    const orderId = await orderOf({ vase: 2 });
    await saysOf(orderId, StockReserved.type);
    await inventory.hear(OrderShipped, { orderId, region: 'DE', shippedAt: placedAt });
    await inventory.hear(OrderShipped, { orderId, region: 'DE', shippedAt: placedAt });
    await eventually(async () => expect(await stockOf('vase')).toMatchObject({ onHand: 3, reserved: 0, shipped: 2 }));
    await inventory.hear(ReleaseStock, { orderId, reason: 'timeout' });
    await inventory.caughtUp('inventory', 'inventory.commands', 'shipping.shipments');
    expect(await stockOf('vase')).toMatchObject({ onHand: 3, reserved: 0, shipped: 2 });
  });

  it('gives back on command, and answers when there is nothing to give back', async () => {
    await list('tray', 5);
    const orderId = await orderOf({ tray: 2 });
    await saysOf(orderId, StockReserved.type);
    await inventory.hear(ReleaseStock, { orderId, reason: 'timeout' });
    await saysOf(orderId, StockReserved.type, StockReleased.type);
    const unknown = uuid7();
    await inventory.hear(ReleaseStock, { orderId: unknown, reason: 'timeout' });
    await saysOf(unknown, StockForgone.type);
  });

  it('does not count away what is set aside', async () => {
    await list('jar', 5);
    await saysOf(await orderOf({ jar: 3 }), StockReserved.type);
    expect(await list('jar', 2)).toMatchObject({ status: 409, body: { code: 'ON_HAND_BELOW_RESERVED' } });
    expect(await list('jar', 3)).toMatchObject({ status: 200, body: { onHand: 3, reserved: 3 } });
  });

  it.each([
    ['less than nothing', 'mug-red', -1, 100],
    ['half a piece', 'mug-red', 0.5, 100],
    ['more than can be counted', 'mug-red', 1e12, 100],
    ['a negative price', 'mug-red', 1, -1],
    ['a price in words', 'mug-red', 1, 'cheap'],
    ['a sku with a space', 'mug%20red', 1, 100],
    ['a broken escape', '%zz', 1, 100],
  ])('refuses %s', async (_fault, sku, onHand, priceCents) => {
    expect((await list(sku, onHand, priceCents)).status).toBe(400);
  });

  it('knows no product that there is not', async () => {
    expect(await inventory.get('/products/unicorn')).toMatchObject({ status: 404, body: { code: 'PRODUCT_NOT_FOUND' } });
  });
});
