import type { OrderCancelled, OrderPlaced } from '@nestbox/contracts';

/** What the saga keeps of an order. */
export interface OrderFacts {
  readonly orderId: string;
  readonly totalCents: number;
  readonly cardToken: string;
  readonly region: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** For orders of older versions, which had neither card nor region. */
const CARD_ON_FILE = 'card-on-file';
const HOME_REGION = 'DE';

export function factsOf({ orderId, totalCents, lines, cardToken = CARD_ON_FILE, region = HOME_REGION }: OrderPlaced): OrderFacts {
  return { orderId, totalCents, cardToken, region, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
}

const reasons: readonly string[] = ['customer', 'stock', 'payment', 'shipping', 'timeout'];

/** The public reason of a cancellation: internal ones, such as an operator's, appear as `customer`. */
export function reasonFor(reason: string): OrderCancelled['reason'] {
  return reasons.includes(reason) ? (reason as OrderCancelled['reason']) : 'customer';
}
