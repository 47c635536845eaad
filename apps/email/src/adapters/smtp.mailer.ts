import { SpanKind } from '@opentelemetry/api';
import { createTransport } from 'nodemailer';
import type { OnApplicationShutdown } from '@nestjs/common';
import { attribute, inSpan } from '@nestbox/telemetry';
import { MailRefused, Mailer } from '../domain/mailer.js';
import type { Letter } from '../domain/letter.js';

const FROM = { name: 'Nestbox', address: 'shop@nestbox.example' };
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Sends over a few persistent connections. Every step has a deadline, so a silent server cannot block a send for ever. */
export class SmtpMailer extends Mailer implements OnApplicationShutdown {
  private readonly transport;
  private readonly place;

  constructor(smtpUrl: string) {
    super();
    const { hostname, port, protocol, username, password } = new URL(smtpUrl);
    this.place = { [attribute.protocol]: 'smtp', [attribute.serverAddress]: hostname, [attribute.serverPort]: Number(port) || undefined };
    this.transport = createTransport({
      pool: true,
      maxConnections: 4,
      maxMessages: Infinity,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port ? Number(port) : protocol === 'smtps:' ? 465 : 587,
      secure: protocol === 'smtps:',
      // Loopback traffic cannot be intercepted, and a local mail catcher has no trusted certificate.
      ignoreTLS: LOOPBACK.test(hostname),
      auth: username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : undefined,
      connectionTimeout: 5_000,
      greetingTimeout: 5_000,
      socketTimeout: 10_000,
      dnsTimeout: 5_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  override async send({ to, ...letter }: Letter): Promise<void> {
    try {
      // An object is one address; text would be parsed as a list of addresses.
      const mail = { ...letter, from: FROM, to: { name: '', address: to } };
      await inSpan('send mail', { kind: SpanKind.CLIENT, attributes: this.place }, () => this.transport.sendMail(mail));
    } catch (error) {
      if (isAboutTheLetter(error)) throw new MailRefused(`refused with ${error.responseCode}`, { cause: error });
      throw error;
    }
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** True when the server refused this mail. 421 is different: the server is shutting down. */
function isAboutTheLetter(error: unknown): error is { responseCode: number } {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode !== 421;
}
