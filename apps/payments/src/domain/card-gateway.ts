export interface Charge {
  /** The same for every try at the same charge. */
  readonly key: string;
  readonly cardToken: string;
  readonly amountCents: number;
}

export interface Refund {
  readonly key: string;
  /** The key of the charge that is given back, whole. */
  readonly chargeKey: string;
}

export type ChargeOutcome = { readonly kind: 'charged' } | { readonly kind: 'declined'; readonly reason: string };

/**
 * PORT: whoever moves the money. A key stands for one charge or refund: asked again, it answers as it did before and moves
 * nothing. Rejects with GatewayUnclear when it is not known what has happened: ask again with the same key.
 */
export abstract class CardGateway {
  abstract charge(charge: Charge): Promise<ChargeOutcome>;
  /** Resolves when the money is on its way back. A charge that the provider does not know, or declined, needs none. */
  abstract refund(refund: Refund): Promise<void>;
}

/** No answer, or none that says whether money has moved. */
export class GatewayUnclear extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'GatewayUnclear';
  }
}
