import { OrderCancelled, OrderPlaced, ProductListed } from '@nestbox/contracts';
import { uuid7 } from '@nestbox/kernel';
import { ShopApp } from '../../../test/support/shop-app.js';
import { migrations } from './persistence/migrations/index.js';
import { SearchModule } from './search.module.js';

const placedAt = '2026-11-23T06:00:00.000Z';
type Found = { products: { sku: string }[]; orders: { orderId: string; status: string }[] };

function orderOf(userId: string, ...skus: string[]) {
  const orderId = uuid7();
  const customer = { orderId, userId, email: 'ada@example.com' };
  const lines = skus.map((sku) => ({ sku, quantity: 1, unitPriceCents: 2500 }));
  const placed: OrderPlaced = { ...customer, lines, totalCents: 2500, placedAt };
  const cancelled: OrderCancelled = { ...customer, reason: 'customer', totalCents: 2500, placedAt };
  return { orderId, placed, cancelled };
}

describe('search', () => {
  let search: ShopApp;
  const byAda = orderOf('ada-lovelace', 'mug-blue');
  const byGrace = orderOf('grace-hopper', 'keyboard', 'tea-green');

  beforeAll(async () => {
    search = await ShopApp.start(SearchModule, migrations);
    for (const [sku, name, priceCents] of [
      ['mug-blue', 'Blue mug', 1250],
      ['mug-red', 'Red mug', 1250],
      ['keyboard', 'Mechanical keyboard', 8900],
      ['bowl-1', 'Müslischale, groß', 990],
    ] as const) {
      await search.hear(ProductListed, { sku, name, priceCents });
    }
    await search.hear(OrderPlaced, byAda.placed);
    await search.hear(OrderPlaced, byGrace.placed);
    await caughtUp();
  });
  afterAll(() => search?.stop());

  const caughtUp = async () => {
    await search.caughtUp('search', 'checkout.orders');
    await search.caughtUp('search.index-products', 'inventory.products');
  };
  const find = async (q: string) => (await search.get<Found>(`/search?q=${encodeURIComponent(q)}`)).body;
  const skusFor = async (q: string) => (await find(q)).products.map(({ sku }) => sku).sort();
  const ordersFor = async (q: string) => (await find(q)).orders.map(({ orderId }) => orderId);

  it('finds a product by the words of its name or its sku', async () => {
    expect((await find('blue mug')).products).toEqual([{ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 }]);
    expect(await skusFor('MUG')).toEqual(['mug-blue', 'mug-red']);
    expect(await skusFor('mug-blue')).toEqual(['mug-blue']);
  });

  it('finds a product by the beginnings of words', async () => {
    expect(await skusFor('bl mu')).toEqual(['mug-blue']);
    expect(await skusFor('mechan')).toEqual(['keyboard']);
  });

  it.each([
    ['keybord', 'keyboard'],
    ['mechnical keybaord', 'keyboard'],
    ['bleu mug', 'mug-blue'],
    ['blue mgu', 'mug-blue'],
    ['musli', 'bowl-1'],
    ['mueslischale', 'bowl-1'],
  ])('forgives %s', async (question, sku) => {
    expect((await find(question)).products[0]).toMatchObject({ sku });
  });

  it('finds nothing for what resembles nothing', async () => {
    expect(await find('zzyzx')).toEqual({ products: [], orders: [] });
    expect(await find(`'); DROP TABLE orders; --`)).toEqual({ products: [], orders: [] });
    expect(await find('!!!')).toEqual({ products: [], orders: [] });
  });

  it('finds an order by its id, or the beginning of it', async () => {
    expect((await find(byAda.orderId)).orders).toEqual([
      { orderId: byAda.orderId, userId: 'ada-lovelace', totalCents: 2500, status: 'placed' },
    ]);
    expect(await ordersFor(byAda.orderId.slice(0, -1))).toContain(byAda.orderId);
    expect((await ordersFor(byAda.orderId.slice(0, 8))).sort()).toEqual([byAda.orderId, byGrace.orderId].sort());
  });

  it('finds an order by its customer and by what is in it', async () => {
    expect(await ordersFor('lovelace')).toEqual([byAda.orderId]);
    expect(await ordersFor('lovelcae')).toEqual([byAda.orderId]);
    expect(await ordersFor('keyboard')).toEqual([byGrace.orderId]);
  });

  it('knows no email address', async () => {
    expect(await ordersFor('ada@example.com')).toEqual([]);
    expect(JSON.stringify(await search.query('SELECT * FROM orders'))).not.toContain('example');
  });

  it('shows what has become of an order, in whichever order it hears', async () => {
    const [usual, odd] = [orderOf('edsger-1', 'mug-red'), orderOf('edsger-2', 'mug-red')];
    await search.hear(OrderPlaced, usual.placed);
    await search.hear(OrderCancelled, usual.cancelled, { aggregateVersion: 2 });
    await search.hear(OrderCancelled, odd.cancelled, { aggregateVersion: 2 });
    await search.hear(OrderPlaced, odd.placed);
    await caughtUp();
    const { orders } = await find('mug-red');
    expect(orders.map(({ orderId, status }) => [orderId, status])).toEqual(
      [odd, usual].map(({ orderId }) => [orderId, 'cancelled']),
    );
  });

  it('shows the latest listing, in whichever order it hears', async () => {
    await search.hear(ProductListed, { sku: 'lamp', name: 'Lamp, dimmable', priceCents: 4500 }, { aggregateVersion: 2 });
    await search.hear(ProductListed, { sku: 'lamp', name: 'Lamp', priceCents: 4000 }, { aggregateVersion: 1 });
    await caughtUp();
    expect((await find('lamp')).products).toEqual([{ sku: 'lamp', name: 'Lamp, dimmable', priceCents: 4500 }]);
  });

  it.each(['/search', '/search?q=', `/search?q=${'x'.repeat(101)}`, '/search?q=a&q=b', '/search?q=mug&limit=1'])('refuses %s', async (path) => {
    expect((await search.get(path)).status).toBe(400);
  });

  it('survives a question with a null character', async () => {
    expect((await search.get('/search?q=mug%00blue')).status).toBeLessThan(500);
  });
});
