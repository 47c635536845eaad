import { EntitySchema } from 'typeorm';
import { Order } from '../domain/order.js';

// pg returns a bigint as text; totals are small enough for an exact number.
const cents = { to: (value: number) => value, from: (text: string) => Number(text) };

export const OrderTable = new EntitySchema<Order>({
  name: 'Order',
  target: Order,
  tableName: 'orders',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    version: { type: 'int' },
    userId: { name: 'user_id', type: 'text' },
    email: { type: 'text' },
    lines: { type: 'jsonb' },
    totalCents: { name: 'total_cents', type: 'bigint', transformer: cents },
    status: { type: 'text' },
    placedAt: { name: 'placed_at', type: 'timestamptz' },
  },
});
