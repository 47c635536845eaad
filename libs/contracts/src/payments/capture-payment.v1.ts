import { defineCommand } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cardToken, cents, orderId } from '../fields.js';
import { commands } from './topics.js';

export const CapturePayment = defineCommand({
  type: 'CapturePayment',
  version: 1,
  recipient: 'payments',
  topic: commands,
  description: 'Take the money for an order, once. Answered by PaymentCaptured or PaymentDeclined.',
  schema: z.object({ orderId, amountCents: cents, cardToken }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', amountCents: 2500, cardToken: 'card-visa-4242' }],
});
export type CapturePayment = EventData<typeof CapturePayment>;
