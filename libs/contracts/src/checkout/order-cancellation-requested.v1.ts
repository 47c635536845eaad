import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, forgotten, orderId, userId } from '../fields.js';
import { orders } from './topics.js';

export const OrderCancellationRequested = defineEvent({
  type: 'OrderCancellationRequested',
  version: 1,
  topic: orders,
  description: 'A customer wants an order taken back; OrderCancelled says that it was, OrderShipped that it was too late.',
  schema: z.object({ orderId, userId, totalCents: cents }),
  key: (data) => data.orderId,
  personal: { subject: (data) => data.userId, fields: { userId: forgotten.userId } },
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', userId: 'user-7', totalCents: 2500 }],
});
export type OrderCancellationRequested = EventData<typeof OrderCancellationRequested>;
