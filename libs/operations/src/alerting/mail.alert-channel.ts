import type { Transporter } from 'nodemailer';
import { AlertChannel, headline } from './alert.js';
import type { AlertNotice } from './alert.js';

const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

export class MailAlertChannel extends AlertChannel {
  override readonly name = 'mail';
  private transport?: Promise<Transporter>;

  constructor(
    private readonly smtpUrl: string,
    private readonly from: string,
    private readonly to: string,
  ) {
    super();
  }

  override async send(notice: AlertNotice): Promise<void> {
    const { summary, raisedAt, clearedAt } = notice;
    const until = clearedAt === null ? '' : `\nOver since ${clearedAt}.`;
    this.transport ??= this.open();
    await (await this.transport).sendMail({
      from: this.from,
      to: this.to,
      subject: headline(notice).slice(0, 150),
      text: `${summary}\n\nSince ${raisedAt}.${until}\n`,
    });
  }

  override async close(): Promise<void> {
    (await this.transport)?.close();
  }

  /** Loaded on demand: most processes never send an alert. */
  private async open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport({ url: this.smtpUrl, ...PATIENCE });
  }
}
