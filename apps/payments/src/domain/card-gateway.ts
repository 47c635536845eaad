export interface Charge {
  /** The same for every try of one charge. */
  readonly key: string;
  readonly cardToken: string;
  readonly amountCents: number;
}

export interface Refund {
  readonly key: string;
  /** The key of the charge to refund in full. */
  readonly chargeKey: string;
}

export type ChargeOutcome = { readonly kind: 'charged' } | { readonly kind: 'declined'; readonly reason: string };

/**
 * PORT: a payment provider. A key identifies one charge or refund: a repeated request gets the same answer and moves no money.
 * Rejects with GatewayUnclear when the outcome is unknown: ask again with the same key.
 */
export abstract class CardGateway {
  abstract charge(charge: Charge): Promise<ChargeOutcome>;
  /** Resolves when the refund is accepted, or when there is nothing to refund: the charge is unknown or was declined. */
  abstract refund(refund: Refund): Promise<void>;
}

/** No answer, or one that does not tell whether money has moved. */
export class GatewayUnclear extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'GatewayUnclear';
  }
}
