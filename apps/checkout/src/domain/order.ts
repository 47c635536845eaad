import { OrderCancellationRequested, OrderCancelled, OrderPlaced } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';
import { OrderAlreadyCancelled, OrderAlreadyShipped, OrderTotalTooHigh, QuantityTooHigh, UnknownSku } from './order.errors.js';

export interface WantedLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface OrderLine extends WantedLine {
  readonly unitPriceCents: number;
}

export const MOST_OF_ONE_SKU = 10_000;
/** Ten billion units of currency: far above any order, and exact in a double. */
export const HIGHEST_TOTAL_CENTS = 1_000_000_000_000;

/** One priced line per sku, in the order of first appearance. */
export function priceLines(wanted: readonly WantedLine[], prices: ReadonlyMap<string, number>): OrderLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of wanted) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  const unknown = [...quantities.keys()].filter((sku) => !prices.has(sku));
  if (unknown.length > 0) throw new UnknownSku(unknown);
  return [...quantities].map(([sku, quantity]) => {
    if (quantity > MOST_OF_ONE_SKU) throw new QuantityTooHigh(sku, MOST_OF_ONE_SKU);
    return { sku, quantity, unitPriceCents: prices.get(sku)! };
  });
}

export function totalOf(lines: readonly OrderLine[]): number {
  const total = lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0);
  if (total > HIGHEST_TOTAL_CENTS) throw new OrderTotalTooHigh(HIGHEST_TOTAL_CENTS);
  return total;
}

/** `cancelling`: the customer wants to cancel; shipping decides whether that is in time. */
export type OrderStatus = 'placed' | 'reserved' | 'paid' | 'cancelling' | 'shipped' | 'cancelled';
/** The stages that other contexts report. */
export type OrderStage = Extract<OrderStatus, 'reserved' | 'paid' | 'shipped'>;

const onTheWay: readonly OrderStatus[] = ['placed', 'reserved', 'paid'];

export interface Wish {
  readonly orderId: string;
  readonly userId: string;
  readonly email: string;
  readonly lines: readonly WantedLine[];
  /** Cents by sku; a missing sku is not for sale. */
  readonly prices: ReadonlyMap<string, number>;
  readonly now: Date;
  readonly cardToken?: string;
  readonly region?: string;
}

/** One customer's order, at the prices of its placing. */
export class Order extends AggregateRoot {
  orderId!: string;
  userId!: string;
  email!: string;
  lines!: readonly OrderLine[];
  totalCents!: number;
  status!: OrderStatus;
  placedAt!: Date;

  /** Throws UnknownSku, QuantityTooHigh or OrderTotalTooHigh. */
  static place({ orderId, userId, email, lines: wanted, prices, now, cardToken, region }: Wish): Order {
    const lines = priceLines(wanted, prices);
    const totalCents = totalOf(lines);
    const order = new Order();
    const placedAt = now.toISOString();
    order.raise(OrderPlaced, { orderId, userId, email, lines, totalCents, placedAt, cardToken, region });
    return Object.assign(order, { orderId, userId, email, lines, totalCents, status: 'placed', placedAt: now } as const);
  }

  /** Other contexts may be handling the order: they decide, and answer with `cancel` or by shipping it. */
  requestCancellation(): void {
    if (this.status === 'shipped') throw new OrderAlreadyShipped();
    if (this.status === 'cancelled' || this.status === 'cancelling') throw new OrderAlreadyCancelled();
    const { orderId, userId, totalCents } = this;
    this.raise(OrderCancellationRequested, { orderId, userId, totalCents });
    this.status = 'cancelling';
  }

  /** Call it when all other contexts have undone their part. Idempotent. */
  cancel(reason: OrderCancelled['reason']): void {
    if (this.status === 'shipped') throw new OrderAlreadyShipped();
    if (this.status === 'cancelled') return;
    const { orderId, userId, email, totalCents } = this;
    this.raise(OrderCancelled, { orderId, userId, email, reason, totalCents, placedAt: this.placedAt.toISOString() });
    this.status = 'cancelled';
  }

  /** Stages may be reported in any order; the status never goes back. Returns false when nothing changed. */
  reach(stage: OrderStage): boolean {
    const before = this.status;
    if (stage === 'shipped') this.status = before === 'cancelled' ? before : stage;
    else if (onTheWay.includes(before) && onTheWay.indexOf(stage) > onTheWay.indexOf(before)) this.status = stage;
    return this.status !== before;
  }
}
