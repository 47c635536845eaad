import { randomUUID } from 'node:crypto';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import { WhatIsSeen } from '../support/what-is-seen.js';

interface Answer {
  readonly orderId: string;
  readonly status: string;
  readonly totalCents: number;
  readonly eventId: string;
}
describeInAShop('and the story of an order', (theShop) => {
  let shop: Shop;
  let seen: WhatIsSeen;
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  beforeEach(() => {
    shop = theShop();
    seen = new WhatIsSeen(shop);
  });

  it('is told by email, inventory, analytics and search, each of its own accord, and ends with its shipment', async () => {
    const before = { taken: await seen.taken('mug-blue'), revenue: await seen.revenue() };
    const order = await shop.customer().order([{ sku: 'mug-blue', quantity: 2 }]);

    await eventually(async () => {
      expect(await seen.mailsFor(order.orderId)).toEqual([
        expect.objectContaining({ kind: 'confirmation', to: order.email, eventId: order.eventId }),
        expect.objectContaining({ kind: 'shipped', to: order.email }),
      ]);
      expect(await seen.taken('mug-blue')).toBe(before.taken + 2);
      expect(await seen.revenue()).toEqual({
        orders: before.revenue.orders + 1,
        totalCents: before.revenue.totalCents + 2500,
      });
      const { orderId, userId, totalCents } = order;
      expect(await seen.found(orderId)).toEqual([{ orderId, userId, totalCents, status: 'placed' }]);
    });
    expect(shop.mailbox.to(order.email)).toHaveLength(2);
    await seen.statusIs(order.orderId, 'shipped');
  });

  it('ends, when it is cancelled in time, with stock and money given back, an apology, and the revenue taken back', async () => {
    const before = { taken: await seen.taken('teapot'), revenue: await seen.revenue() };
    await shop.app('payments').send('PUT', '/sandbox', { answerAfterMs: 2_000 });
    const customer = shop.customer();
    const order = await customer.order([{ sku: 'teapot', quantity: 3 }]);
    await eventually(async () => expect(await seen.taken('teapot')).toBe(before.taken + 3));

    await customer.cancel(order);

    await seen.statusIs(order.orderId, 'cancelled');
    await shop.app('payments').send('PUT', '/sandbox', {});
    await eventually(async () => {
      expect(await seen.kindsFor(order.orderId)).toEqual(['apology', 'confirmation']);
      expect(await seen.taken('teapot')).toBe(before.taken);
      expect(await seen.revenue()).toEqual(before.revenue);
      expect(await seen.found(order.orderId)).toEqual([expect.objectContaining({ status: 'cancelled' })]);
    });
    const { body } = await shop.app('fulfilment').get(`/sagas/${order.orderId}`);
    expect(body).toMatchObject({ status: 'cancelled', note: 'customer', timeouts: [] });
  });

  it('ends with an apology when there is not enough of something, and leaves the rest of it for others', async () => {
    const before = { mugs: await seen.taken('mug-blue'), trays: await seen.taken('tray-last') };
    const order = await shop.customer().order([
      { sku: 'mug-blue', quantity: 1 },
      { sku: 'tray-last', quantity: 31 },
    ]);

    await seen.statusIs(order.orderId, 'cancelled');
    await eventually(async () => expect(await seen.kindsFor(order.orderId)).toEqual(['apology', 'confirmation']));
    expect({ mugs: await seen.taken('mug-blue'), trays: await seen.taken('tray-last') }).toEqual(before);
  });

  it.each([
    ['the card is declined', { cardToken: 'card-stolen' }, 'payment', 0],
    ['nobody ships to where it goes', { region: 'AQ' }, 'shipping', 795],
  ])('ends with an apology, and nothing left of it, when %s', async (_fault, choice, reason, refunded) => {
    await shop.app('payments').send('PUT', '/sandbox', { declinedCards: ['card-stolen'] });
    await shop.app('shipping').send('PUT', '/sandbox', { refusedRegions: ['AQ'] });
    const before = (await shop.app('payments').get<{ refundedCents: number }>('/ledger')).body.refundedCents;
    const wanted = { userId: 'user-6', email: `${randomUUID()}@example.com`, lines: [{ sku: 'tea-green', quantity: 1 }] };
    const { body } = await shop.app('checkout').send<Answer>('POST', '/orders', { ...wanted, ...choice });
    shop.customer().purchases.push({ ...wanted, ...body });

    await seen.statusIs(body.orderId, 'cancelled');
    await eventually(async () => expect(await seen.kindsFor(body.orderId)).toEqual(['apology', 'confirmation']));
    const saga = await shop.app('fulfilment').get(`/sagas/${body.orderId}`);
    expect(saga.body).toMatchObject({ status: 'compensated', note: reason });
    expect((await shop.app('payments').get('/ledger')).body).toMatchObject({ refundedCents: before + refunded });
    await Promise.all(['payments', 'shipping'].map((app) => shop.app(app).send('PUT', '/sandbox', {})));
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

    shop.customer().purchases.push({ ...body, ...first!.body });
    await eventually(() => expect(shop.mailbox.to('grace@example.com')).toHaveLength(2));
  });

  it('travels in the documented envelope, under the order as its key', async () => {
    const order = await shop.customer().order([{ sku: 'mug-blue', quantity: 1 }]);
    const [placed] = await eventually(async () => {
      const told = (await seen.toldOf(order)).filter(({ record }) => record.topic === 'checkout.orders');
      expect(told).toHaveLength(1);
      return told;
    }, { timeoutMs: 30_000 });
    const { record, envelope } = placed!;
    const sealed = expect.stringMatching(/^nestbox-sealed\.[\w-]+\.[\w-]+$/);

    expect(Object.keys(envelope)).toEqual([
      'eventId', 'eventType', 'eventVersion', 'occurredAt', 'traceId', 'correlationId', 'causationId', 'producer',
      'aggregateVersion', 'data',
    ]);
    expect(envelope).toMatchObject({
      eventId: order.eventId, eventType: 'OrderPlaced', eventVersion: 1, producer: 'checkout', aggregateVersion: 1,
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      data: {
        orderId: order.orderId, userId: sealed, email: sealed, totalCents: 1250,
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
      'nestbox-subject-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('carries its correlation id and its trace through every hop, into the mail', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const correlationId = `visit-${randomUUID()}`;
    const headers = { 'x-correlation-id': correlationId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const body = { userId: 'user-9', email: 'alan@example.com', lines: [{ sku: 'tea-green', quantity: 2 }] };
    const answer = await shop.app('checkout').send<Answer>('POST', '/orders', body, headers);
    shop.customer().purchases.push({ ...body, ...answer.body });

    expect(answer.headers.get('x-correlation-id')).toBe(correlationId);
    const mails = await eventually(() => {
      const found = shop.mailbox.to('alan@example.com');
      expect(found).toHaveLength(2);
      return found;
    });
    for (const { raw } of mails) expect(raw).toMatch(new RegExp(`^X-Correlation-ID: ${correlationId}`, 'im'));
    const way = await eventually(async () => {
      const told = await seen.toldOf(answer.body);
      expect(told).toHaveLength(6);
      return told;
    }, { timeoutMs: 30_000 });
    const byType = new Map(way.map(({ envelope }) => [envelope.eventType, envelope]));
    expect(byType.get('StockReserved')).toMatchObject({ causationId: answer.body.eventId });
    const capture = byType.get('CapturePayment')!;
    // The saga hears of the order and of its stock on two topics: whichever comes last makes it ask for the money.
    expect([answer.body.eventId, byType.get('StockReserved')!.eventId]).toContain(capture.causationId);
    expect(capture).toMatchObject({ producer: 'fulfilment' });
    expect(byType.get('PaymentCaptured')).toMatchObject({ producer: 'payments', causationId: byType.get('CapturePayment')!.eventId });
    expect(byType.get('ShipOrder')).toMatchObject({ producer: 'fulfilment', causationId: byType.get('PaymentCaptured')!.eventId });
    expect(byType.get('OrderShipped')).toMatchObject({ producer: 'shipping', causationId: byType.get('ShipOrder')!.eventId });
    for (const hop of byType.values()) expect(hop).toMatchObject({ correlationId, traceId });
  });

  it('leaves exact books when it is told many times at once', async () => {
    const customer = shop.customer();
    await Promise.all(Array.from({ length: 40 }, (_, n) => customer.errand(n)));
    await expectExactBooks(shop);
    expect(customer.purchases).toHaveLength(40);
  }, 120_000);
});
