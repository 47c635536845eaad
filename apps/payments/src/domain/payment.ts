import { PaymentCaptured, PaymentDeclined, PaymentRefunded } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';

/**
 * `requested` and `refunding` wait for the provider. `voided`: refunded before the provider was ever asked, so no money will
 * move.
 */
export type PaymentStatus = 'requested' | 'captured' | 'declined' | 'refunding' | 'refunded' | 'voided';

/** The payment of one order: captured at most once and refunded at most once. */
export class Payment extends AggregateRoot {
  orderId!: string;
  amountCents!: number;
  cardToken!: string | null;
  status!: PaymentStatus | undefined;
  refundWanted!: boolean;
  /** Attempts at the provider; counted before each request. */
  attempts!: number;

  static of(orderId: string): Payment {
    const unknown = { amountCents: 0, cardToken: null, status: undefined, refundWanted: false, attempts: 0 };
    return Object.assign(new Payment(), { orderId, ...unknown });
  }

  /** False when there is nothing to do: already requested, or refunded before the request. */
  request(amountCents: number, cardToken: string): boolean {
    if (this.status !== undefined) return false;
    Object.assign(this, { amountCents, cardToken, status: 'requested' });
    return true;
  }

  /** False when there is nothing to do. If the provider may have charged, that is clarified first. */
  giveBack(): boolean {
    if (this.status === undefined || (this.status === 'requested' && this.attempts === 0)) {
      this.status = 'voided';
      this.raise(PaymentRefunded, { orderId: this.orderId, amountCents: 0 });
      return true;
    }
    if (this.refundWanted || (this.status !== 'requested' && this.status !== 'captured')) return false;
    this.refundWanted = true;
    if (this.status === 'captured') this.status = 'refunding';
    return true;
  }

  /** The provider has charged. False when that was already known. */
  charged(): boolean {
    if (this.status !== 'requested') return false;
    this.status = this.refundWanted ? 'refunding' : 'captured';
    this.raise(PaymentCaptured, { orderId: this.orderId, amountCents: this.amountCents });
    return true;
  }

  declined(reason: string): boolean {
    if (this.status !== 'requested') return false;
    this.status = 'declined';
    this.raise(PaymentDeclined, { orderId: this.orderId, amountCents: this.amountCents, reason });
    return true;
  }

  refunded(): boolean {
    if (this.status !== 'refunding') return false;
    this.status = 'refunded';
    this.raise(PaymentRefunded, { orderId: this.orderId, amountCents: this.amountCents });
    return true;
  }
}
