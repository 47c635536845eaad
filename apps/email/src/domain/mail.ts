export type MailKind = 'confirmation' | 'apology' | 'shipped';

/** One mail that a customer is to get. There is at most one of a kind per order. */
export interface Mail {
  readonly orderId: string;
  readonly kind: MailKind;
  /** The event that asked for it. */
  readonly eventId: string;
  readonly correlationId: string;
}

/** Who gets the mails of an order. */
export interface Recipient {
  readonly address: string;
  readonly userId: string;
}
