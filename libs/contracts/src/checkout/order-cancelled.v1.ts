import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, email, forgotten, orderId, reason, userId } from '../fields.js';
import { orders } from './topics.js';

export const OrderCancelled = defineEvent({
  type: 'OrderCancelled',
  version: 1,
  topic: orders,
  description: 'An order will not be fulfilled: its stock and its money go back.',
  schema: z.object({
    orderId,
    userId,
    email,
    reason,
    totalCents: cents,
    /** When the order was placed, ISO 8601: tells which period's revenue to reduce. */
    placedAt: z.iso.datetime(),
  }),
  key: (data) => data.orderId,
  personal: { subject: (data) => data.userId, fields: forgotten },
  examples: [
    {
      orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
      userId: 'user-7',
      email: 'ada@example.com',
      reason: 'customer',
      totalCents: 2500,
      placedAt: '2026-11-23T06:00:00.000Z',
    },
  ],
});
export type OrderCancelled = EventData<typeof OrderCancelled>;
