import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';
import type { AlertNotice } from './alert.js';
import { AlertChannel, headline } from './alert-channel.js';

const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

export class MailAlertChannel extends AlertChannel {
  override readonly name = 'mail';
  private readonly transport: Transporter;

  constructor(
    smtpUrl: string,
    private readonly from: string,
    private readonly to: string,
  ) {
    super();
    this.transport = createTransport({ url: smtpUrl, ...PATIENCE });
  }

  override async send(notice: AlertNotice): Promise<void> {
    const { summary, raisedAt, clearedAt } = notice;
    const until = clearedAt === null ? '' : `\nOver since ${clearedAt}.`;
    await this.transport.sendMail({
      from: this.from,
      to: this.to,
      subject: headline(notice).slice(0, 150),
      text: `${summary}\n\nSince ${raisedAt}.${until}\n`,
    });
  }

  override async close(): Promise<void> {
    this.transport.close();
  }
}
