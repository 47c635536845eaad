import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, email, MAX_LINES, orderId, quantity, sku, userId } from '../fields.js';

export const OrderPlaced = defineEvent({
  type: 'OrderPlaced',
  version: 1,
  topic: 'checkout.orders',
  description: 'A customer has placed an order at prices that now hold.',
  schema: z.object({
    orderId,
    userId,
    email,
    lines: z.array(z.object({ sku, quantity, unitPriceCents: cents })).min(1).max(MAX_LINES),
    totalCents: cents,
    /** When, ISO 8601: OrderCancelled repeats it, so that both count in the same period. */
    placedAt: z.iso.datetime(),
  }),
  key: (data) => data.orderId,
  examples: [
    {
      orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
      userId: 'user-7',
      email: 'ada@example.com',
      lines: [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }],
      totalCents: 2500,
      placedAt: '2026-11-23T06:00:00.000Z',
    },
  ],
});
export type OrderPlaced = EventData<typeof OrderPlaced>;
