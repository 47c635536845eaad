import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, orderId } from '../fields.js';
import { payments } from './topics.js';

export const PaymentCaptured = defineEvent({
  type: 'PaymentCaptured',
  version: 1,
  topic: payments,
  description: 'The money for an order has been taken.',
  schema: z.object({ orderId, amountCents: cents }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', amountCents: 2500 }],
});
export type PaymentCaptured = EventData<typeof PaymentCaptured>;
