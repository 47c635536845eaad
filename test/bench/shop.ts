import { AggregateRoot, defineEvent, uuid7 } from '@nestbox/kernel';
import type { EventData, RaisedEvent } from '@nestbox/kernel';
import { z } from 'zod';

/** An event of about 1 KB in its envelope, such as an order with a few lines. */
export const OrderPlaced = defineEvent({
  type: 'OrderPlaced',
  version: 1,
  topic: 'checkout.orders',
  description: 'A customer has placed an order.',
  schema: z.object({
    orderId: z.string(),
    userId: z.string(),
    totalCents: z.int(),
    period: z.string(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.int(), note: z.string() })),
  }),
  key: (data) => data.orderId,
  examples: [{ orderId: 'order-1', userId: 'user-1', totalCents: 100, period: '2026-11-23T06', lines: [] }],
});
export type OrderPlaced = EventData<typeof OrderPlaced>;

class Order extends AggregateRoot {
  constructor(data: OrderPlaced) {
    super();
    this.raise(OrderPlaced, data);
  }
}

export function placedOrder(n: number, key: string = uuid7()): RaisedEvent {
  const lines = Array.from({ length: 5 }, (_, line) => ({ sku: `sku-${line}`, quantity: 1 + (n % 3), note: 'x'.repeat(90) }));
  const data = { orderId: key, userId: `user-${n % 500}`, totalCents: 1000 + (n % 900), period: `2026-11-23T${n % 24}`, lines };
  return new Order(data).pendingEvents()[0]!;
}
