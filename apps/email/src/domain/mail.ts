export type MailKind = 'confirmation' | 'apology' | 'shipped';

/** One mail for a customer. An order has at most one of each kind. */
export interface Mail {
  readonly orderId: string;
  readonly kind: MailKind;
  /** The event that caused it. */
  readonly eventId: string;
  readonly correlationId: string;
}

/** The recipient of an order's mails. */
export interface Recipient {
  readonly address: string;
  readonly userId: string;
}
