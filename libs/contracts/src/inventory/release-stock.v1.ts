import { defineCommand } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, reason } from '../fields.js';
import { commands } from './topics.js';

export const ReleaseStock = defineCommand({
  type: 'ReleaseStock',
  version: 1,
  recipient: 'inventory',
  topic: commands,
  description: 'Give back what is set aside for an order, or never set it aside. Answered by StockReleased or StockForgone.',
  schema: z.object({ orderId, reason }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', reason: 'timeout' }],
});
export type ReleaseStock = EventData<typeof ReleaseStock>;
