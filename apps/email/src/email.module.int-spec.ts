import { OrderCancelled, OrderPlaced, StockRejected } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { Mailbox } from '../../../test/support/mailbox.js';
import { ShopApp } from '../../../test/support/shop-app.js';
import { MailDispatcher } from './adapters/mail-dispatcher.js';
import { EmailModule } from './email.module.js';
import { EmailSettings } from './email.settings.js';
import { migrations } from './persistence/migrations/index.js';

const placedAt = '2026-11-23T06:00:00.000Z';
type Sent = { kind: string; to: string; subject: string; eventId: string; sentAt: string }[];

/** Each order has its own address, so that tests do not see each other's mail. */
function someOrder() {
  const orderId = uuid7();
  const address = `ada-${orderId.slice(-12)}@example.com`;
  const lines = [{ sku: 'mug-blue', quantity: 1, unitPriceCents: 100 }];
  const placed: OrderPlaced = { orderId, userId: 'user-7', email: address, lines, totalCents: 100, placedAt };
  const cancelled: OrderCancelled = { orderId, userId: 'user-7', email: address, reason: 'customer', totalCents: 100, placedAt };
  const rejected: StockRejected = { orderId, shortages: [{ sku: 'mug-blue', requested: 1, available: 0 }] };
  return { orderId, address, placed, cancelled, rejected };
}

describe('email', () => {
  let mailbox: Mailbox;
  let email: ShopApp;

  beforeAll(async () => {
    mailbox = await Mailbox.start();
    email = await ShopApp.start(EmailModule, migrations, {}, new EmailSettings(mailbox.url));
  });
  afterAll(async () => {
    await email?.stop();
    await mailbox?.close();
  });
  afterEach(() => {
    mailbox.refusal = () => undefined;
    mailbox.beforeAnswer = async () => undefined;
  });

  const sentFor = async (orderId: string) => (await email.get<Sent>(`/emails?orderId=${orderId}`)).body;
  const kindsSentFor = (orderId: string, ...kinds: string[]) =>
    eventually(async () => expect((await sentFor(orderId)).map(({ kind }) => kind)).toEqual(kinds));
  const caughtUp = () => email.caughtUp('email', 'checkout.orders', 'inventory.reservations');

  it('confirms an order, once, to whoever placed it', async () => {
    const { orderId, address, placed } = someOrder();
    const eventId = await email.hear(OrderPlaced, placed, { correlationId: 'basket-42' });
    await email.hear(OrderPlaced, placed, { eventId });
    await kindsSentFor(orderId, 'confirmation');
    expect(await sentFor(orderId)).toEqual([
      { kind: 'confirmation', to: address, subject: `We have your order ${orderId}`, eventId, sentAt: expect.any(String) },
    ]);
    const [mail, ...more] = mailbox.to(address);
    expect(more).toEqual([]);
    expect(mail!.messageId).toBe(`<${orderId}.confirmation@nestbox.example>`);
    expect(mail!.raw).toMatch(new RegExp(`^X-Event-Id: ${eventId}\r$`, 'im'));
    expect(mail!.raw).toMatch(/^X-Correlation-Id: basket-42\r$/im);
  });

  it('apologises once, however many reasons there are', async () => {
    const { orderId, address, placed, rejected, cancelled } = someOrder();
    await email.hear(OrderPlaced, placed);
    await email.hear(StockRejected, rejected);
    await email.hear(OrderCancelled, cancelled, { aggregateVersion: 2 });
    await caughtUp();
    await eventually(async () => expect(await sentFor(orderId)).toHaveLength(2));
    expect((await sentFor(orderId)).map(({ kind }) => kind).sort()).toEqual(['apology', 'confirmation']);
    expect(mailbox.to(address)).toHaveLength(2);
  });

  it('waits with the apology until it knows to whom', async () => {
    const { orderId, placed, rejected } = someOrder();
    await email.hear(StockRejected, rejected);
    await caughtUp();
    expect(await sentFor(orderId)).toEqual([]);
    await email.hear(OrderPlaced, placed);
    await eventually(async () => expect(await sentFor(orderId)).toHaveLength(2));
  });

  it('sends many, each once', async () => {
    const orders = Array.from({ length: 60 }, someOrder);
    await Promise.all(orders.map(({ placed }) => email.hear(OrderPlaced, placed)));
    await eventually(() => expect(orders.filter(({ address }) => mailbox.to(address).length > 0)).toHaveLength(60));
    await Promise.all(orders.map(({ orderId }) => kindsSentFor(orderId, 'confirmation')));
    expect(orders.map(({ address }) => mailbox.to(address).length)).toEqual(Array(60).fill(1));
  });

  it('loses nothing while the mail server is away', async () => {
    await mailbox.close();
    const { orderId, address, placed } = someOrder();
    await email.hear(OrderPlaced, placed);
    await caughtUp();
    expect(await sentFor(orderId)).toEqual([]);
    await mailbox.open();
    await kindsSentFor(orderId, 'confirmation');
    expect(mailbox.to(address)).toHaveLength(1);
  });

  it('tries a refused mail again, and lets it hold up no other', async () => {
    const [unlucky, lucky] = [someOrder(), someOrder()];
    mailbox.refusal = (to) => (to === unlucky.address ? 451 : undefined);
    await email.hear(OrderPlaced, unlucky.placed);
    await email.hear(OrderPlaced, lucky.placed);
    await kindsSentFor(lucky.orderId, 'confirmation');
    await eventually(async () => {
      const [mail] = await email.query<{ attempts: number }>('SELECT attempts FROM mails WHERE order_id = $1', [unlucky.orderId]);
      expect(mail!.attempts).toBeGreaterThan(0);
    });
    mailbox.refusal = () => undefined;
    await kindsSentFor(unlucky.orderId, 'confirmation');
  });

  it('sends the same Message-ID again when it could not note that it had sent', async () => {
    const { orderId, address, placed } = someOrder();
    // Simulates a crash between the server's answer and our commit: cuts the connection that has locked the mail.
    mailbox.beforeAnswer = async () => {
      mailbox.beforeAnswer = async () => undefined;
      await email.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%FROM mails mail%'`,
      );
    };
    await email.hear(OrderPlaced, placed);
    await kindsSentFor(orderId, 'confirmation');
    expect(mailbox.to(address).map(({ messageId }) => messageId)).toEqual(
      Array(2).fill(`<${orderId}.confirmation@nestbox.example>`),
    );
  });

  it.each(['/emails', '/emails?orderId=latest', '/emails?orderId=', `/emails?orderId=${uuid7()}&to=eve`])('refuses %s', async (path) => {
    expect((await email.get(path)).status).toBe(400);
  });
});

describe('email, stopping', () => {
  it('finishes the mail that is under way, and notes that it was sent', async () => {
    const mailbox = await Mailbox.start();
    const email = await ShopApp.start(EmailModule, migrations, {}, new EmailSettings(mailbox.url));
    const { orderId, placed } = someOrder();
    const stopped = new Promise<void>((resolve, reject) => {
      mailbox.beforeAnswer = async () => {
        email.app.get(MailDispatcher).beforeApplicationShutdown().then(resolve, reject);
      };
    });
    await email.hear(OrderPlaced, placed);
    await stopped;
    expect((await email.get<Sent>(`/emails?orderId=${orderId}`)).body).toHaveLength(1);
    await email.stop();
    await mailbox.close();
  });
});
