import { defineCommand } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, reason } from '../fields.js';
import { commands } from './topics.js';

export const RefundPayment = defineCommand({
  type: 'RefundPayment',
  version: 1,
  recipient: 'payments',
  topic: commands,
  description: 'Give back whatever was taken for an order, and never take it afterwards. Answered by PaymentRefunded.',
  schema: z.object({ orderId, reason }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', reason: 'timeout' }],
});
export type RefundPayment = EventData<typeof RefundPayment>;
