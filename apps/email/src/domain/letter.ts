import type { Mail, MailKind } from './mail.js';

/** A mail as it is sent. */
export interface Letter {
  readonly to: string;
  /**
   * The same for every attempt at one mail: when a crash after the server's answer causes a second sending, mailboxes recognise
   * the duplicate.
   */
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

const words: Record<MailKind, { subject: (orderId: string) => string; text: string }> = {
  confirmation: {
    subject: (orderId) => `We have your order ${orderId}`,
    text: 'Thank you. We have your order and are getting it ready.',
  },
  apology: {
    subject: (orderId) => `We are sorry about your order ${orderId}`,
    text: 'We are sorry: your order will not be delivered. You have nothing to pay for it.',
  },
  welcome: {
    subject: () => 'Welcome',
    text: 'Thank you for signing up. The code below shows that this address is yours.',
  },
  shipped: {
    subject: (orderId) => `Your order ${orderId} is on its way`,
    text: 'Good news: your order has left our house and is on its way to you.',
  },
};

export function subjectOf(kind: MailKind, orderId: string): string {
  return words[kind].subject(orderId);
}

export function write({ orderId, kind, eventId, correlationId, detail }: Mail, to: string): Letter {
  const headers: Record<string, string> = { 'X-Event-Id': eventId };
  // The id comes from an external request: only characters that are safe in a header are used.
  if (/^[\x21-\x7e]{1,128}$/.test(correlationId)) headers['X-Correlation-Id'] = correlationId;
  return {
    to,
    messageId: `<${orderId}.${kind}@nestbox.example>`,
    subject: subjectOf(kind, orderId),
    text: `${words[kind].text}\n\n${kind === 'welcome' ? `Account: ${orderId}\nCode: ${detail}` : `Order: ${orderId}`}\n`,
    headers,
  };
}
