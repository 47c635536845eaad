import { defineCommand } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, reason } from '../fields.js';
import { commands } from './topics.js';

export const CancelOrder = defineCommand({
  type: 'CancelOrder',
  version: 1,
  recipient: 'checkout',
  topic: commands,
  description: 'Cancel an order of which nothing is left elsewhere. Answered by OrderCancelled.',
  schema: z.object({ orderId, reason }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', reason: 'payment' }],
});
export type CancelOrder = EventData<typeof CancelOrder>;
