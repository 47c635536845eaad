import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { MAX_LINES, orderId, quantity, sku } from '../fields.js';
import { reservations } from './topics.js';

export const StockReserved = defineEvent({
  type: 'StockReserved',
  version: 1,
  topic: reservations,
  description: 'All lines of an order are set aside for it.',
  schema: z.object({ orderId, lines: z.array(z.object({ sku, quantity })).min(1).max(MAX_LINES) }),
  key: (data) => data.orderId,
  examples: [
    { orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', lines: [{ sku: 'mug-blue', quantity: 2 }] },
  ],
});
export type StockReserved = EventData<typeof StockReserved>;
