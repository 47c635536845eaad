import { OrderPlaced, OrderShipped, PaymentCaptured, StockReserved } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { ShopApp } from '../../../test/support/shop-app.js';
import { adminToken, operators } from '../../../test/support/tokens.js';
import { FulfilmentModule } from './fulfilment.module.js';
import { migrations } from './persistence/migrations/index.js';

const lines = [{ sku: 'mug-blue', quantity: 2 }];
const tokens = { viewer: 'a-viewer-of-this-test', operator: 'an-operator-of-this-test' };
const because = { actor: 'ada', reason: 'a customer called' };

describe('fulfilment', () => {
  let fulfilment: ShopApp;

  beforeAll(async () => {
    fulfilment = await ShopApp.start(FulfilmentModule, migrations, { operators: operators({ ...tokens, admin: adminToken }) });
  });
  afterAll(() => fulfilment?.stop());

  async function placed(): Promise<string> {
    const orderId = uuid7();
    const order = { orderId, userId: 'user-7', email: 'ada@example.com', totalCents: 2500, placedAt: '2026-11-23T06:00:00.000Z' };
    await fulfilment.hear(OrderPlaced, { ...order, lines: lines.map((line) => ({ ...line, unitPriceCents: 1250 })) });
    await stands(orderId, { status: 'running' });
    return orderId;
  }
  const stands = (orderId: string, state: object) =>
    eventually(async () => expect((await fulfilment.get(`/sagas/${orderId}`)).body).toMatchObject(state));
  const sent = (orderId: string) =>
    ['checkout', 'inventory', 'payments', 'shipping']
      .flatMap((context) => fulfilment.said(`${context}.commands`))
      .filter(({ data }) => (data as { orderId: string }).orderId === orderId)
      .map(({ eventType }) => eventType);
  const act = (orderId: string, what: string, token?: string) =>
    fulfilment.send('POST', `/admin/sagas/fulfilment.fulfil-order/${orderId}/${what}`, because, {
      authorization: token && `Bearer ${token}`,
    });

  it('tells of an order what it was told, what it did, and what it waits for', async () => {
    const orderId = await placed();
    await fulfilment.hear(StockReserved, { orderId, lines });
    await stands(orderId, {
      orderId,
      status: 'running',
      state: { direction: 'forward', at: 'capture-payment', steps: { 'reserve-stock': 'done', 'capture-payment': 'asked' } },
      history: [{ cause: 'OrderPlaced' }, { cause: 'StockReserved', commands: ['CapturePayment'] }],
      timeouts: [{ name: 'capture-payment' }, { name: 'lifetime' }],
    });
    expect((await fulfilment.get('/sagas?status=running')).body).toContainEqual(expect.objectContaining({ orderId }));
    expect((await fulfilment.get('/sagas?status=stuck')).body).toEqual([]);
  });

  it('brings an order for which nothing was said of card and country to its end', async () => {
    const orderId = await placed();
    await fulfilment.hear(StockReserved, { orderId, lines });
    // Nobody captures a payment before being asked to.
    await stands(orderId, { state: { at: 'capture-payment' } });
    await fulfilment.hear(PaymentCaptured, { orderId, amountCents: 2500 });
    await eventually(() => expect(sent(orderId)).toEqual(['CapturePayment', 'ShipOrder']));
    const capture = fulfilment.said('payments.commands').find(({ data }) => (data as { orderId: string }).orderId === orderId);
    expect(capture!.data).toMatchObject({ cardToken: 'card-on-file', amountCents: 2500 });
    await fulfilment.hear(OrderShipped, { orderId, region: 'DE', shippedAt: '2026-11-23T06:00:02.000Z' });
    await stands(orderId, { status: 'completed', timeouts: [] });
  });

  it('lets an operator ask once more, or take an order back, and a viewer only look', async () => {
    const orderId = await placed();
    await fulfilment.hear(StockReserved, { orderId, lines });
    await stands(orderId, { state: { at: 'capture-payment' } });
    expect((await act(orderId, 'retry')).status).toBe(401);
    expect((await act(orderId, 'retry', tokens.viewer)).status).toBe(403);
    expect((await act(orderId, 'retry', tokens.operator)).status).toBe(200);
    expect((await act(orderId, 'cancel', tokens.operator)).status).toBe(200);
    expect(await act(orderId, 'cancel', tokens.operator)).toMatchObject({ status: 409, body: { code: 'SAGA_CANNOT_BE_CANCELLED' } });
    expect(await act(uuid7(), 'cancel', tokens.operator)).toMatchObject({ status: 404, body: { code: 'SAGA_NOT_FOUND' } });
    await eventually(() => expect(sent(orderId)).toEqual(['CapturePayment', 'CapturePayment', 'RefundPayment']));
    const { body } = await fulfilment.send('GET', `/admin/sagas/${orderId}`, undefined, { authorization: `Bearer ${tokens.viewer}` });
    expect(body).toMatchObject([{ status: 'compensating', note: 'operator' }]);
    expect(JSON.stringify(body)).toContain('ada (operator): a customer called');
    expect(JSON.stringify(body)).not.toContain('cardToken');
  });

  it.each([
    ['/sagas/0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', 404],
    ['/sagas/latest', 400],
    ['/sagas?status=lost', 400],
  ])('answers %s with %d', async (path, status) => {
    expect((await fulfilment.get(path)).status).toBe(status);
  });
});
