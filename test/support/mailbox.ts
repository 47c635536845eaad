import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly messageId: string | undefined;
  /** Headers and body. */
  readonly raw: string;
}

/** A real SMTP server that keeps what it is sent, and can be told to misbehave. */
export class Mailbox {
  readonly received: ReceivedMail[] = [];
  /** So many of them repeat others, and had a reason. */
  repeatsExcused = 0;
  /** Asked before each mail is taken; an SMTP error code refuses it. */
  refusal: (to: string) => number | undefined = () => undefined;
  /** Awaited before a mail that has been received whole is answered. */
  beforeAnswer: () => Promise<void> = async () => undefined;
  private server?: SMTPServer;
  port = 0;

  /** `port`: that of an earlier one which somebody goes on writing to. */
  static async start(port = 0): Promise<Mailbox> {
    const mailbox = new Mailbox();
    mailbox.port = port;
    await mailbox.open();
    return mailbox;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** On the same port again after `close`. */
  async open(): Promise<void> {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => {
        const responseCode = this.refusal(address);
        done(responseCode ? Object.assign(new Error('not now'), { responseCode }) : null);
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          // Long headers come folded; unfolded they are easier to look at.
          const raw = Buffer.concat(chunks).toString('utf8').replace(/\r\n[ \t]+/g, ' ');
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.received.push({ to, raw, messageId: /^Message-ID:\s*(\S+)/im.exec(raw)?.[1] });
          void this.beforeAnswer().then(() => done());
        });
      },
    });
    this.server.on('error', () => undefined);
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server!.close(() => resolve()));
  }

  to(address: string): ReceivedMail[] {
    return this.received.filter(({ to }) => to.includes(address));
  }
}
