import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { MAX_LINES, orderId, quantity, sku } from '../fields.js';
import { wire } from '../wire.js';
import { reservations } from './topics.js';

export const StockReleased = defineEvent({
  type: 'StockReleased',
  version: 1,
  topic: reservations,
  description: 'What had been set aside for an order is for sale again.',
  schema: z.object({ orderId, lines: z.array(z.object({ sku, quantity })).min(1).max(MAX_LINES) }),
  wire: wire('PROTOBUF', import.meta.url, './stock-released.v1.proto'),
  key: (data) => data.orderId,
  examples: [
    { orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', lines: [{ sku: 'mug-blue', quantity: 2 }] },
  ],
});
export type StockReleased = EventData<typeof StockReleased>;
