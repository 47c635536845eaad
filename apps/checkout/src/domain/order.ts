import { OrderCancelled, OrderPlaced } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';
import { priceLines, totalOf } from './order-lines.js';
import type { OrderLine, WantedLine } from './order-lines.js';
import { OrderAlreadyCancelled } from './order.errors.js';

export type OrderStatus = 'placed' | 'cancelled';

export interface Wish {
  readonly orderId: string;
  readonly userId: string;
  readonly email: string;
  readonly lines: readonly WantedLine[];
  /** Cents by sku; a sku that is missing here is not for sale. */
  readonly prices: ReadonlyMap<string, number>;
  readonly now: Date;
}

/** What one customer has asked for, at the prices of that moment. */
export class Order extends AggregateRoot {
  orderId!: string;
  userId!: string;
  email!: string;
  lines!: readonly OrderLine[];
  totalCents!: number;
  status!: OrderStatus;
  placedAt!: Date;

  /** Throws UnknownSku, QuantityTooHigh or OrderTotalTooHigh. */
  static place({ orderId, userId, email, lines: wanted, prices, now }: Wish): Order {
    const lines = priceLines(wanted, prices);
    const totalCents = totalOf(lines);
    const order = new Order();
    order.raise(OrderPlaced, { orderId, userId, email, lines, totalCents, placedAt: now.toISOString() });
    return Object.assign(order, { orderId, userId, email, lines, totalCents, status: 'placed', placedAt: now } as const);
  }

  cancel(reason: OrderCancelled['reason']): void {
    if (this.status === 'cancelled') throw new OrderAlreadyCancelled();
    const { orderId, userId, email, totalCents } = this;
    this.raise(OrderCancelled, { orderId, userId, email, reason, totalCents, placedAt: this.placedAt.toISOString() });
    this.status = 'cancelled';
  }
}
