import { AggregateRoot, defineEvent, uuid7 } from '@nestbox/kernel';
import { EntitySchema } from 'typeorm';
import { z } from 'zod';

const schema = z.object({ orderId: z.string().min(1), totalCents: z.int() });
const examples = [{ orderId: 'order-1', totalCents: 2500 }];
const key = (data: { orderId: string }) => data.orderId;

export const OrderPlaced = defineEvent({
  type: 'OrderPlaced',
  version: 1,
  topic: 'checkout.orders',
  description: 'A customer has placed an order.',
  schema,
  key,
  examples,
});
export const OrderCancelled = defineEvent({
  type: 'OrderCancelled',
  version: 1,
  topic: 'checkout.orders',
  description: 'An order will not be fulfilled.',
  schema,
  key,
  examples,
});
export type OrderData = z.infer<typeof schema>;

export const shopTopics = [{ name: 'checkout.orders', partitions: 4 }];

export class Order extends AggregateRoot {
  id!: string;
  totalCents!: number;
  status!: string;

  static place(totalCents: number, id: string = uuid7()): Order {
    const order = Object.assign(new Order(), { id, totalCents, status: 'placed' });
    order.raise(OrderPlaced, { orderId: id, totalCents });
    return order;
  }

  cancel(): void {
    this.status = 'cancelled';
    this.raise(OrderCancelled, { orderId: this.id, totalCents: this.totalCents });
  }
}

export const OrderTable = new EntitySchema<Order>({
  name: 'Order',
  target: Order,
  tableName: 'orders',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'int' },
    totalCents: { type: 'int', name: 'total_cents' },
    status: { type: 'text' },
  },
});

export const CREATE_ORDERS = `CREATE TABLE orders (id uuid PRIMARY KEY, version int NOT NULL, total_cents int NOT NULL, status text NOT NULL)`;
