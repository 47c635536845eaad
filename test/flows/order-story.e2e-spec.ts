import { randomUUID } from 'node:crypto';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { describeOnEachBroker } from '../support/brokers.js';
import type { Purchase } from '../support/customer.js';
import { Shop } from '../support/shop.js';
import { everythingOn } from '../support/topics.js';
import type { Told } from '../support/topics.js';

interface Answer {
  readonly orderId: string;
  readonly status: string;
  readonly totalCents: number;
  readonly eventId: string;
}
interface Mail {
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly eventId: string;
}

describeOnEachBroker('The story of an order', (broker) => {
  let shop: Shop;
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  beforeAll(async () => {
    shop = await Shop.start({ broker });
  }, 120_000);
  afterAll(() => shop?.stop());

  const mailsFor = async (orderId: string) => (await shop.app('email').get<Mail[]>(`/emails?orderId=${orderId}`)).body;
  const reserved = async (sku: string) => (await shop.app('inventory').get<{ reserved: number }>(`/products/${sku}`)).body.reserved;
  const revenue = async () => {
    const { body } = await shop.app('analytics').get<{ period: string; orders: number; totalCents: number }[]>('/reports/revenue');
    const today = body.find(({ period }) => period.startsWith(new Date().toISOString().slice(0, 10)));
    return { orders: today?.orders ?? 0, totalCents: today?.totalCents ?? 0 };
  };
  const found = async (orderId: string) =>
    (await shop.app('search').get<{ orders: unknown[] }>(`/search?q=${orderId}`)).body.orders;
  const toldOf = async ({ orderId }: Pick<Purchase, 'orderId'>): Promise<Told[]> => {
    const told = await everythingOn(await shop.broker(), ['checkout.orders', 'inventory.reservations']);
    return told.filter(({ record }) => String(record.key) === orderId);
  };

  it('is told by email, inventory, analytics and search, each of its own accord', async () => {
    const before = { reserved: await reserved('mug-blue'), revenue: await revenue() };
    const order = await shop.customer().order([{ sku: 'mug-blue', quantity: 2 }]);

    await eventually(async () => {
      expect(await mailsFor(order.orderId)).toEqual([
        expect.objectContaining({ kind: 'confirmation', to: order.email, eventId: order.eventId }),
      ]);
      expect(await reserved('mug-blue')).toBe(before.reserved + 2);
      expect(await revenue()).toEqual({
        orders: before.revenue.orders + 1,
        totalCents: before.revenue.totalCents + 2500,
      });
      const { orderId, userId, totalCents } = order;
      expect(await found(orderId)).toEqual([{ orderId, userId, totalCents, status: 'placed' }]);
    });
    expect(shop.mailbox.to(order.email)).toHaveLength(1);
  });

  it('ends, when it is cancelled, with the stock released, an apology, and the revenue taken back', async () => {
    const before = { reserved: await reserved('teapot'), revenue: await revenue() };
    const customer = shop.customer();
    const order = await customer.order([{ sku: 'teapot', quantity: 3 }]);
    await eventually(async () => expect(await reserved('teapot')).toBe(before.reserved + 3));

    await customer.cancel(order);

    await eventually(async () => {
      expect((await mailsFor(order.orderId)).map(({ kind }) => kind)).toEqual(['confirmation', 'apology']);
      expect(await reserved('teapot')).toBe(before.reserved);
      expect(await revenue()).toEqual(before.revenue);
      expect(await found(order.orderId)).toEqual([expect.objectContaining({ status: 'cancelled' })]);
    });
  });

  it('ends with an apology when there is not enough of something, and leaves the rest of it for others', async () => {
    const before = await reserved('mug-blue');
    const order = await shop.customer().order([
      { sku: 'mug-blue', quantity: 1 },
      { sku: 'tray-last', quantity: 31 },
    ]);

    await eventually(async () => {
      const kinds = (await mailsFor(order.orderId)).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['apology', 'confirmation']);
    });
    expect([await reserved('mug-blue'), await reserved('tray-last')]).toEqual([before, 0]);
  });

  it('has one beginning, however often the same request is sent with its Idempotency-Key', async () => {
    const checkout = shop.app('checkout');
    const key = { 'idempotency-key': randomUUID() };
    const body = { userId: 'user-7', email: 'grace@example.com', lines: [{ sku: 'tea-green', quantity: 1 }] };
    const tries = await Promise.all(Array.from({ length: 5 }, () => checkout.send<Answer>('POST', '/orders', body, key)));
    const [first] = tries;

    expect(tries.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(tries.map(({ body: answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(tries.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(4);
    const other = await checkout.send('POST', '/orders', { ...body, userId: 'user-8' }, key);
    expect(other.status).toBe(422);
    expect(other.headers.get('content-type')).toMatch('application/problem+json');

    shop.customer().purchases.push({ ...body, ...first!.body, cancelled: false });
    await eventually(() => expect(shop.mailbox.to('grace@example.com')).toHaveLength(1));
  });

  it('travels in the documented envelope, under the order as its key', async () => {
    const order = await shop.customer().order([{ sku: 'mug-blue', quantity: 1 }]);
    const [placed] = await eventually(async () => {
      const told = (await toldOf(order)).filter(({ record }) => record.topic === 'checkout.orders');
      expect(told).toHaveLength(1);
      return told;
    }, { timeoutMs: 30_000 });
    const { record, envelope } = placed!;

    expect(Object.keys(envelope)).toEqual([
      'eventId', 'eventType', 'eventVersion', 'occurredAt', 'traceId', 'correlationId', 'causationId', 'producer',
      'aggregateVersion', 'data',
    ]);
    expect(envelope).toMatchObject({
      eventId: order.eventId, eventType: 'OrderPlaced', eventVersion: 1, producer: 'checkout', aggregateVersion: 1,
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      data: {
        orderId: order.orderId, userId: order.userId, email: order.email, totalCents: 1250,
        lines: [{ sku: 'mug-blue', quantity: 1, unitPriceCents: 1250 }],
      },
    });
    expect(envelope.eventId).toMatch(uuid);
    expect(record.headers).toEqual({
      'content-type': 'application/json',
      traceparent: expect.stringMatching(new RegExp(`^00-${envelope.traceId}-[0-9a-f]{16}-0[01]$`)),
      ce_specversion: '1.0',
      ce_id: envelope.eventId,
      ce_type: 'checkout.OrderPlaced.v1',
      ce_source: '/checkout',
      ce_subject: order.orderId,
      ce_time: envelope.occurredAt,
    });
  });

  it('carries its correlation id and its trace through every hop, into the mail', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const correlationId = `visit-${randomUUID()}`;
    const headers = { 'x-correlation-id': correlationId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const body = { userId: 'user-9', email: 'alan@example.com', lines: [{ sku: 'tea-green', quantity: 2 }] };
    const answer = await shop.app('checkout').send<Answer>('POST', '/orders', body, headers);
    shop.customer().purchases.push({ ...body, ...answer.body, cancelled: false });

    expect(answer.headers.get('x-correlation-id')).toBe(correlationId);
    const [mail] = await eventually(() => {
      const mails = shop.mailbox.to('alan@example.com');
      expect(mails).toHaveLength(1);
      return mails;
    });
    expect(mail!.raw).toMatch(new RegExp(`^X-Correlation-ID: ${correlationId}`, 'im'));
    const hops = await eventually(async () => {
      const told = await toldOf(answer.body);
      expect(told).toHaveLength(2);
      return told;
    }, { timeoutMs: 30_000 });
    expect(hops.map(({ envelope }) => envelope)).toEqual([
      expect.objectContaining({ eventType: 'OrderPlaced', correlationId, traceId, producer: 'checkout' }),
      expect.objectContaining({ eventType: 'StockReserved', correlationId, traceId, causationId: answer.body.eventId }),
    ]);
  });

  it('leaves exact books when it is told many times at once', async () => {
    const customer = shop.customer();
    await Promise.all(Array.from({ length: 40 }, (_, n) => customer.errand(n)));
    await expectExactBooks(shop);
    expect(shop.purchases.length).toBeGreaterThanOrEqual(46);
  }, 120_000);
});
