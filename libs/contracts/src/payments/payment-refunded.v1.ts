import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, orderId } from '../fields.js';
import { payments } from './topics.js';

export const PaymentRefunded = defineEvent({
  type: 'PaymentRefunded',
  version: 1,
  topic: payments,
  description: 'No money is kept for an order: what was taken (0 when nothing was) has been given back.',
  schema: z.object({ orderId, amountCents: cents }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', amountCents: 2500 }],
});
export type PaymentRefunded = EventData<typeof PaymentRefunded>;
