export type MailKind = 'confirmation' | 'apology' | 'shipped' | 'welcome';

/** One mail for a customer. An order has at most one of each kind, and so has an account. */
export interface Mail {
  /** Or the id of the account. */
  readonly orderId: string;
  readonly kind: MailKind;
  /** The event that caused it. */
  readonly eventId: string;
  readonly correlationId: string;
  /** What the mail tells its reader beside its words: a code. */
  readonly detail?: string;
}

/** The recipient of an order's mails. */
export interface Recipient {
  readonly address: string;
  readonly userId: string;
}
