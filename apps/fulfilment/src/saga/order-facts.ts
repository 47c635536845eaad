import type { OrderCancelled, OrderPlaced } from '@nestbox/contracts';

/** What the story of an order has to remember of it. */
export interface OrderFacts {
  readonly orderId: string;
  readonly totalCents: number;
  readonly cardToken: string;
  readonly region: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** For orders placed before these could be said. */
const CARD_ON_FILE = 'card-on-file';
const HOME_REGION = 'DE';

export function factsOf({ orderId, totalCents, lines, cardToken = CARD_ON_FILE, region = HOME_REGION }: OrderPlaced): OrderFacts {
  return { orderId, totalCents, cardToken, region, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
}

const reasons: readonly string[] = ['customer', 'stock', 'payment', 'shipping', 'timeout'];

/** What an order is cancelled for; when somebody in the house wanted it, the customer is told no more than that. */
export function reasonFor(reason: string): OrderCancelled['reason'] {
  return reasons.includes(reason) ? (reason as OrderCancelled['reason']) : 'customer';
}
