import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, orderId } from '../fields.js';
import { payments } from './topics.js';

export const PaymentDeclined = defineEvent({
  type: 'PaymentDeclined',
  version: 1,
  topic: payments,
  description: 'The money for an order was refused; nothing was taken.',
  schema: z.object({ orderId, amountCents: cents, reason: z.string().min(1).max(200) }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', amountCents: 2500, reason: 'card_declined' }],
});
export type PaymentDeclined = EventData<typeof PaymentDeclined>;
