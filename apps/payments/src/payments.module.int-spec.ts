import { CapturePayment, PaymentCaptured, PaymentDeclined, PaymentRefunded, RefundPayment } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { ShopApp } from '../../../test/support/shop-app.js';
import { PaymentsModule } from './payments.module.js';
import { migrations } from './persistence/migrations/index.js';

describe('payments', () => {
  let payments: ShopApp;

  beforeAll(async () => {
    payments = await ShopApp.start(PaymentsModule, migrations);
  });
  afterAll(() => payments?.stop());
  afterEach(() => payments.send('PUT', '/sandbox', {}));

  const capture = (orderId: string, cardToken = 'card-visa-4242') =>
    payments.hear(CapturePayment, { orderId, amountCents: 2500, cardToken });
  const refund = (orderId: string) => payments.hear(RefundPayment, { orderId, reason: 'timeout' });
  const saysOf = (orderId: string, ...types: string[]) =>
    eventually(() => {
      const said = payments.said('payments.payments').filter(({ data }) => (data as { orderId: string }).orderId === orderId);
      expect(said.map(({ eventType }) => eventType)).toEqual(types);
      expect(said.map(({ aggregateVersion }) => aggregateVersion)).toEqual(types.map((_, i) => i + 1));
      return said;
    });
  const statusOf = async (orderId: string) => (await payments.get(`/payments/${orderId}`)).body.status;

  it('takes the money once, however often it is asked', async () => {
    const orderId = uuid7();
    await capture(orderId);
    await capture(orderId);
    await saysOf(orderId, PaymentCaptured.type);
    await payments.caughtUp('payments', 'payments.commands');
    await saysOf(orderId, PaymentCaptured.type);
    expect(await statusOf(orderId)).toBe('captured');
  });

  it('gives it back once, and the ledger balances', async () => {
    const before = (await payments.get<{ capturedCents: number; refundedCents: number }>('/ledger')).body;
    const orderId = uuid7();
    await capture(orderId);
    await saysOf(orderId, PaymentCaptured.type);
    await refund(orderId);
    await refund(orderId);
    await saysOf(orderId, PaymentCaptured.type, PaymentRefunded.type);
    const { body } = await payments.get<{ balances: Record<string, number> }>('/ledger');
    expect(body).toMatchObject({ capturedCents: before.capturedCents + 2500, refundedCents: before.refundedCents + 2500 });
    expect(Object.values(body.balances).reduce((sum, balance) => sum + balance, 0)).toBe(0);
  });

  it('never takes what was to be given back before', async () => {
    const orderId = uuid7();
    await refund(orderId);
    await saysOf(orderId, PaymentRefunded.type);
    await capture(orderId);
    await payments.caughtUp('payments', 'payments.commands');
    expect(await statusOf(orderId)).toBe('voided');
    expect(await payments.query('SELECT FROM sandbox_charges WHERE key = $1', [`${orderId}:capture`])).toEqual([]);
  });

  it('says why a card was declined', async () => {
    await payments.send('PUT', '/sandbox', { declinedCards: ['card-stolen'] });
    const orderId = uuid7();
    await capture(orderId, 'card-stolen');
    const [declined] = await saysOf(orderId, PaymentDeclined.type);
    expect(declined!.data).toMatchObject({ amountCents: 2500, reason: 'card_declined' });
  });

  it('finds out what became of a charge whose answer was lost, before it gives it back', async () => {
    await payments.send('PUT', '/sandbox', { lostAnswers: 1 });
    const orderId = uuid7();
    await capture(orderId);
    await eventually(async () => expect((await payments.get(`/payments/${orderId}`)).body).toMatchObject({ lastFault: 'the answer was lost' }));
    await refund(orderId);
    await payments.caughtUp('payments', 'payments.commands');
    expect(await statusOf(orderId)).toBe('requested');

    await payments.send('PUT', '/sandbox', {});
    await saysOf(orderId, PaymentCaptured.type, PaymentRefunded.type);
    const [moved] = await payments.query('SELECT count(*)::int AS refunds FROM sandbox_refunds WHERE charge_key = $1', [`${orderId}:capture`]);
    expect(moved).toEqual({ refunds: 1 });
  });

  it('asks again for what somebody took to the provider and never came back from', async () => {
    const orderId = uuid7();
    await payments.query(
      `INSERT INTO payments (order_id, version, amount_cents, card_token, status, refund_wanted, attempts, due_at)
       VALUES ($1, 0, 2500, 'card-visa-4242', 'requested', false, 1, now() - interval '1 second')`,
      [orderId],
    );
    await saysOf(orderId, PaymentCaptured.type);
  });
});
