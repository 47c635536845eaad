import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { MAX_LINES, orderId, quantity, sku } from '../fields.js';
import { reservations } from './topics.js';

export const StockRejected = defineEvent({
  type: 'StockRejected',
  version: 1,
  topic: reservations,
  description: 'At least one line of an order cannot be had, so nothing was set aside for it.',
  schema: z.object({
    orderId,
    shortages: z.array(z.object({ sku, requested: quantity, available: z.int().min(0) })).min(1).max(MAX_LINES),
  }),
  key: (data) => data.orderId,
  examples: [
    {
      orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
      shortages: [{ sku: 'mug-blue', requested: 2, available: 1 }],
    },
  ],
});
export type StockRejected = EventData<typeof StockRejected>;
