import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cardToken, cents, email, forgotten, MAX_LINES, orderId, quantity, region, sku, userId } from '../fields.js';
import { orders } from './topics.js';

export const OrderPlaced = defineEvent({
  type: 'OrderPlaced',
  version: 1,
  topic: orders,
  description: 'A customer has placed an order at prices that now hold.',
  schema: z.object({
    orderId,
    userId,
    email,
    lines: z.array(z.object({ sku, quantity, unitPriceCents: cents })).min(1).max(MAX_LINES),
    totalCents: cents,
    /** ISO 8601. OrderCancelled repeats it, so that both count in the same period. */
    placedAt: z.iso.datetime(),
    // Added later, so optional. Readers default to the card on file and the shop's own country.
    cardToken: cardToken.optional(),
    region: region.optional(),
  }),
  key: (data) => data.orderId,
  personal: { subject: (data) => data.userId, fields: forgotten },
  examples: [
    {
      orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
      userId: 'user-7',
      email: 'ada@example.com',
      lines: [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }],
      totalCents: 2500,
      placedAt: '2026-11-23T06:00:00.000Z',
    },
    {
      orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
      userId: 'user-7',
      email: 'ada@example.com',
      lines: [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }],
      totalCents: 2500,
      placedAt: '2026-11-23T06:00:00.000Z',
      cardToken: 'card-visa-4242',
      region: 'DE',
    },
  ],
});
export type OrderPlaced = EventData<typeof OrderPlaced>;
