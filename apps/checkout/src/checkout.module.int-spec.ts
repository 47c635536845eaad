import {
  CancelOrder,
  OrderCancellationRequested,
  OrderCancelled,
  OrderPlaced,
  OrderShipped,
  PaymentCaptured,
  ProductListed,
  StockReserved,
} from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { Issuer } from '../../../test/support/issuer.js';
import { ShopApp } from '../../../test/support/shop-app.js';
import { CheckoutModule } from './checkout.module.js';
import { CheckoutSettings } from './checkout.settings.js';
import { migrations } from './persistence/migrations/index.js';

const mugs = (quantity: unknown) => ({ userId: 'user-7', email: 'ada@example.com', lines: [{ sku: 'mug-blue', quantity }] });

describe('checkout', () => {
  let checkout: ShopApp;
  let issuer: Issuer;

  beforeAll(async () => {
    issuer = await Issuer.start();
    const settings = new CheckoutSettings('http://127.0.0.1:9', 'key-of-this-test-of-guests');
    checkout = await ShopApp.start(CheckoutModule, migrations, { accountsUrl: issuer.url }, settings);
    await checkout.hear(ProductListed, { sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 });
    await priceIs('mug-blue', 1250);
  });
  afterAll(async () => {
    await checkout?.stop();
    await issuer?.stop();
  });

  const place = (body: unknown = mugs(2), headers?: Record<string, string>) => checkout.send('POST', '/orders', body, headers);
  const saidOf = (orderId: unknown) => checkout.said('checkout.orders').filter(({ data }) => (data as OrderPlaced).orderId === orderId);
  const priceIs = (sku: string, cents: number) =>
    eventually(async () => {
      expect(await checkout.query('SELECT price_cents FROM prices WHERE sku = $1', [sku])).toEqual([{ price_cents: String(cents) }]);
    });

  it('places an order at the price it knows, and says so', async () => {
    const { status, body } = await place(mugs(2), { 'x-correlation-id': 'basket-42' });
    expect(status).toBe(201);
    expect(body).toEqual({ orderId: expect.any(String), status: 'placed', totalCents: 2500, eventId: expect.any(String) });
    const [placed] = await eventually(() => {
      const said = saidOf(body.orderId);
      expect(said).toHaveLength(1);
      return said;
    });
    expect(placed).toMatchObject({
      eventId: body.eventId,
      eventType: OrderPlaced.type,
      correlationId: 'basket-42',
      aggregateVersion: 1,
      data: { lines: [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }], totalCents: 2500 },
    });
  });

  it('shows an order', async () => {
    const { body } = await place();
    expect(await checkout.get(`/orders/${body.orderId}`)).toMatchObject({
      status: 200,
      body: {
        orderId: body.orderId,
        userId: 'user-7',
        status: 'placed',
        totalCents: 2500,
        lines: [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }],
      },
    });
  });

  it('asks once for an order to be cancelled, and cancels it when told to, saying when it had been placed', async () => {
    const { body } = await place();
    expect(await checkout.send('POST', `/orders/${body.orderId}/cancel`)).toMatchObject({ status: 202, body: { status: 'cancelling' } });
    expect(await checkout.send('POST', `/orders/${body.orderId}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_ALREADY_CANCELLED' },
    });
    await checkout.hear(CancelOrder, { orderId: String(body.orderId), reason: 'customer' });
    await checkout.hear(CancelOrder, { orderId: String(body.orderId), reason: 'customer' });
    await checkout.caughtUp('checkout', 'checkout.commands');
    await eventually(() => {
      const [placed, wish, cancelled, ...more] = saidOf(body.orderId);
      expect(wish).toMatchObject({ eventType: OrderCancellationRequested.type, aggregateVersion: 2 });
      expect(cancelled).toMatchObject({ eventType: OrderCancelled.type, aggregateVersion: 3 });
      expect(more).toEqual([]);
      expect((cancelled!.data as OrderCancelled).placedAt).toBe((placed!.data as OrderPlaced).placedAt);
    });
  });

  it('shows how far others have brought an order, in whatever order word of it comes', async () => {
    const { body } = await place();
    const orderId = String(body.orderId);
    const statusIs = (status: string) =>
      eventually(async () => expect((await checkout.get(`/orders/${orderId}`)).body).toMatchObject({ status }));
    await checkout.hear(PaymentCaptured, { orderId, amountCents: 2500 });
    await statusIs('paid');
    await checkout.hear(StockReserved, { orderId, lines: [{ sku: 'mug-blue', quantity: 2 }] });
    await checkout.caughtUp('checkout', 'inventory.reservations');
    await statusIs('paid');
    await checkout.hear(OrderShipped, { orderId, region: 'DE', shippedAt: '2026-11-23T06:00:02.000Z' });
    await statusIs('shipped');
    const late = await checkout.send('POST', `/orders/${orderId}/cancel`);
    expect(late).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_SHIPPED' } });
  });

  it('takes the wish to cancel from exactly one of many who have it at once', async () => {
    const { body } = await place();
    const answers = await Promise.all(Array.from({ length: 8 }, () => checkout.send('POST', `/orders/${body.orderId}/cancel`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(7).fill(409)]);
  });

  it('gives the same answer to the same request under one Idempotency-Key, and refuses another', async () => {
    const key = { 'idempotency-key': uuid7() };
    const [first, again] = [await place(mugs(3), key), await place(mugs(3), key)];
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await place(mugs(4), key)).toMatchObject({ status: 422 });
    expect(await checkout.query('SELECT order_id FROM orders WHERE order_id = $1', [first.body.orderId])).toHaveLength(1);
  });

  it('knows a request again however its path is spelt', async () => {
    const key = { 'idempotency-key': uuid7() };
    const body = { ...mugs(1), userId: 'speller' };
    const spellings = ['/orders', '/orders/', '/Orders', '/ORDERS/?wait=none', '/%6Frders'];
    const answers = await Promise.all(spellings.map((path) => checkout.send('POST', path, body, key)));
    const [first] = answers;
    for (const answer of answers.filter(({ status }) => status !== 404)) expect(answer).toMatchObject({ status: 201, body: first!.body });
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(4);
    expect(await checkout.query(`SELECT FROM orders WHERE user_id = 'speller'`)).toHaveLength(1);
  });

  it('takes one key of the same request for two orders as two requests', async () => {
    const key = { 'idempotency-key': uuid7() };
    const [one, two] = [await place(), await place()];
    const cancel = (orderId: unknown) => checkout.send('POST', `/orders/${orderId}/cancel`, {}, key);
    expect([await cancel(one.body.orderId), await cancel(two.body.orderId)]).toMatchObject([
      { status: 202, body: { orderId: one.body.orderId } },
      { status: 202, body: { orderId: two.body.orderId } },
    ]);
  });

  it('places one order when the same request comes several times at once', async () => {
    const key = { 'idempotency-key': uuid7() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => place(mugs(1), key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
  });

  it('forgets nothing newer for a listing that comes late', async () => {
    const listed = (priceCents: number) => ({ sku: 'tea-green', name: 'Green tea', priceCents });
    await checkout.hear(ProductListed, listed(899), { aggregateVersion: 2 });
    await checkout.hear(ProductListed, listed(799), { aggregateVersion: 1 });
    await checkout.caughtUp('checkout', 'inventory.products');
    await priceIs('tea-green', 899);
  });

  it.each([
    ['a sku that is not for sale', { ...mugs(1), lines: [{ sku: 'unicorn', quantity: 1 }] }, 422],
    ['zero', mugs(0), 400],
    ['a negative quantity', mugs(-1), 400],
    ['a fraction', mugs(1.5), 400],
    ['a huge quantity', mugs(1e300), 400],
    ['a quantity in words', mugs('two'), 400],
    ['too many of one sku across lines', { ...mugs(1), lines: Array(2).fill({ sku: 'mug-blue', quantity: 9_000 }) }, 422],
    ['too many lines', { ...mugs(1), lines: Array(101).fill({ sku: 'mug-blue', quantity: 1 }) }, 400],
    ['no lines', { ...mugs(1), lines: [] }, 400],
    ['no address', { ...mugs(1), email: 'ada' }, 400],
    ['an address with a line break', { ...mugs(1), email: 'ada@example.com\r\nBcc: eve@example.com' }, 400],
    ['an unknown field', { ...mugs(1), totalCents: 1 }, 400],
    ['an unknown field in a line', { ...mugs(1), lines: [{ sku: 'mug-blue', quantity: 1, unitPriceCents: 1 }] }, 400],
    ['a null character', { ...mugs(1), userId: 'user\u00007' }, 400],
    ['half a surrogate pair', { ...mugs(1), userId: 'user\ud8007' }, 400],
    ['a list', [mugs(1)], 400],
    ['an empty body', '', 400],
    ['null', 'null', 400],
    ['a deep body', `{"userId":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 400],
    ['an oversized body', { ...mugs(1), userId: 'x'.repeat(200_000) }, 413],
  ])('refuses %s', async (_fault, body, status) => {
    const answer = await place(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  describe('belongs to whoever placed it:', () => {
    const own = { email: 'ada@example.com', lines: [{ sku: 'mug-blue', quantity: 1 }] };
    const nobody = { authorization: undefined };
    const look = async (orderId: unknown, headers: object) =>
      (await checkout.send('GET', `/orders/${String(orderId)}`, undefined, { ...headers })).status;
    const cancel = async (orderId: unknown, headers: object) =>
      (await checkout.send('POST', `/orders/${String(orderId)}/cancel`, undefined, { ...headers })).status;

    it('a customer sees, and cancels, what is theirs, and nobody else’s', async () => {
      const [ada, eve] = [await issuer.as('user-ada'), await issuer.as('user-eve')];
      const { status, body } = await checkout.send('POST', '/orders', own, ada);
      expect([status, body.secret]).toEqual([201, undefined]);
      await eventually(() => expect(saidOf(body.orderId)[0]?.data).toMatchObject({ userId: 'user-ada' }));
      expect([await look(body.orderId, ada), await look(body.orderId, eve), await look(body.orderId, nobody)]).toEqual([200, 404, 404]);
      expect([await cancel(body.orderId, eve), await cancel(body.orderId, nobody), await cancel(body.orderId, ada)]).toEqual([404, 404, 202]);
    });

    it('a guest gets a secret, which opens this order alone, also when the order is repeated', async () => {
      const key = { ...nobody, 'idempotency-key': 'a-guest' };
      const { body } = await checkout.send('POST', '/orders', own, key);
      const { body: again } = await checkout.send('POST', '/orders', own, key);
      const { body: other } = await checkout.send('POST', '/orders', own, nobody);
      expect(again).toEqual(body);
      expect(body).toMatchObject({ secret: expect.stringMatching(/^[\w-]{43}$/) });
      const by = (secret: unknown) => ({ ...nobody, 'order-secret': secret });
      expect([await look(body.orderId, by(body.secret)), await look(body.orderId, by(other.secret)), await look(body.orderId, by('x'))]).toEqual([200, 404, 404]);
      expect(await look(body.orderId, { ...(await issuer.as('user-ada')), 'order-secret': body.secret })).toBe(404);
      expect(await checkout.query('SELECT 1 FROM nestbox.idempotency_keys WHERE body LIKE $1', [`%${String(body.secret)}%`])).toEqual([]);
      expect(await cancel(body.orderId, by(body.secret))).toBe(202);
    });

    it('nobody orders in the name of another but the shop itself', async () => {
      const inTheNameOf = (headers: object) => checkout.send('POST', '/orders', { ...own, userId: 'user-ada' }, { ...headers });
      expect(await inTheNameOf(nobody)).toMatchObject({ status: 422, body: { code: 'NOT_YOURSELF' } });
      expect(await inTheNameOf(await issuer.as('user-eve'))).toMatchObject({ status: 422, body: { code: 'NOT_YOURSELF' } });
      expect((await inTheNameOf(await issuer.as('user-ada'))).status).toBe(201);
      expect((await inTheNameOf({})).status).toBe(201);
    });
  });

  it('knows no order that there is not', async () => {
    expect(await checkout.get(`/orders/${uuid7()}`)).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    expect(await checkout.send('POST', `/orders/${uuid7()}/cancel`)).toMatchObject({ status: 404 });
    expect((await checkout.get('/orders/latest')).status).toBe(400);
  });

  it('is ready', async () => {
    await eventually(async () => expect(await checkout.get('/health/ready')).toMatchObject({ status: 200 }));
  });
});
