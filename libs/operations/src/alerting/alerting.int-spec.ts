import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@nestbox/kernel/testing';
import { SMTPServer } from 'smtp-server';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { AlertChannel } from './alert.js';
import type { AlertingOptions, AlertNotice } from './alert.js';

const by = { actor: 'ada', reason: 'the handler has been mended' };

/** Shared by all processes of a test, like a remote receiver. */
class Ears extends AlertChannel {
  override readonly name = 'ears';
  readonly heard: AlertNotice[] = [];
  deaf = 0;

  override async send(notice: AlertNotice): Promise<void> {
    if (this.deaf-- > 0) throw new Error('not listening');
    this.heard.push(notice);
  }

  override async close(): Promise<void> {}
}

/** A receiver of POSTs. */
class Receiver {
  readonly bodies: Record<string, unknown>[] = [];
  private constructor(private readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const receiver = new Receiver(
      createServer((request, response) => {
        let text = '';
        request.on('data', (chunk) => (text += chunk));
        request.on('end', () => {
          receiver.bodies.push(JSON.parse(text));
          response.writeHead(receiver.bodies.length === 1 ? 503 : 204).end();
        });
      }),
    );
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('alerting', () => {
  const shop = new ShopUnderPoison();
  const ears = new Ears();
  const start = (alerting: AlertingOptions = {}) =>
    shop.start([poisonedHandlers(shop.poison).ReserveStock], { alerting: { everyMs: 50, clearAfterMs: 2_000, channels: [ears], ...alerting } });
  const heard = () => ears.heard.map(({ what, rule, subject }) => `${what} ${rule} ${subject}`);
  const looks = async (count: number) => {
    const seen = `SELECT max(seen_at)::text AS at FROM nestbox.alerts`;
    for (let n = 0; n < count; n++) {
      const [before] = await shop.context.query<{ at: string }>(seen);
      await eventually(async () => expect((await shop.context.query<{ at: string }>(seen))[0]!.at).not.toBe(before!.at));
    }
  };
  afterAll(() => shop.close());

  it('raises once and clears once what three processes see', async () => {
    for (let more = 0; more < 3; more++) await start();
    shop.poison.in(['order-1', 'order-2']);
    await shop.publish('order-1', 'order-1', 'order-2');
    await eventually(() => expect(heard()).toEqual(['raised key-parked inventory.reserve-stock']));
    await looks(5);
    expect(ears.heard[0]).toMatchObject({ context: 'checkout', clearedAt: null, summary: expect.stringMatching(/^inventory\.reserve-stock: [1-3] events in [12] keys wait for an operator\.$/) });

    shop.poison.mend();
    await shop.letters.redrive({}, by);
    await eventually(() => expect(heard()).toEqual(['raised key-parked inventory.reserve-stock', 'cleared key-parked inventory.reserve-stock']));
    expect(Date.parse(ears.heard[1]!.clearedAt!)).toBeGreaterThan(Date.parse(ears.heard[1]!.raisedAt));
  });

  it('raises anew what comes back, and tries again until it is heard', async () => {
    ears.heard.length = 0;
    ears.deaf = 1;
    shop.poison.in(['order-3']);
    await shop.publish('order-3');
    await eventually(() => expect(ears.deaf).toBe(0));
    const sooner = `UPDATE nestbox.alert_notices SET due_at = now() WHERE sent_at IS NULL AND tries > 0 RETURNING 1`;
    await eventually(async () => expect((await shop.context.query<[]>(sooner)).flat()).not.toEqual([]));
    await eventually(() => expect(heard()).toEqual(['raised key-parked inventory.reserve-stock']));
  });

  it('keeps what it could not tell for the processes that come after', async () => {
    const waiting = `INSERT INTO nestbox.alert_notices (alert, what, channel) SELECT max(id), 'raised', 'pager' FROM nestbox.alerts`;
    await shop.context.query(waiting);
    class Pager extends Ears {
      override readonly name = 'pager' as 'ears';
    }
    const pager = new Pager();
    await start({ channels: [pager] });
    await eventually(() => expect(pager.heard).toMatchObject([{ what: 'raised', rule: 'key-parked' }]));
  });

  it('reaches a webhook and a mailbox, and keeps up a heartbeat', async () => {
    const [hook, heart] = [await Receiver.open(), await Receiver.open()];
    let mail = '';
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, _session, done) => stream.on('data', (chunk) => (mail += chunk)).on('end', () => done()),
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    const smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
    await start({
      webhookUrl: hook.url, heartbeatUrl: heart.url, mail: { smtpUrl, from: 'alerts@nestbox.invalid', to: 'night@nestbox.invalid' },
    });
    // Only this process has these channels, so they get only the alerts that it raises.
    await shop.context.query(`INSERT INTO nestbox.alert_notices (alert, what, channel)
      SELECT max(id), 'raised', channel FROM nestbox.alerts CROSS JOIN unnest(ARRAY['webhook', 'mail']) AS channel GROUP BY channel`);

    await eventually(() => expect(mail).toContain('Subject: RAISED key-parked in checkout: inventory.reserve-stock: 1 events'));
    await eventually(() => expect(hook.bodies).toHaveLength(1));
    await shop.context.query(`UPDATE nestbox.alert_notices SET due_at = now() WHERE channel = 'webhook'`);
    await eventually(() => expect(hook.bodies).toHaveLength(2));
    expect(hook.bodies[1]).toMatchObject({ text: expect.stringMatching(/^RAISED key-parked in checkout: /), rule: 'key-parked', what: 'raised' });
    await eventually(() => expect(heart.bodies[0]).toMatchObject({ context: 'checkout' }));
    expect(mail).toContain('To: night@nestbox.invalid');
    await new Promise<void>((resolve) => smtp.close(resolve));
    hook.close();
    heart.close();
  });
});
