import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, reason } from '../fields.js';
import { reservations } from './topics.js';

export const StockForgone = defineEvent({
  type: 'StockForgone',
  version: 1,
  topic: reservations,
  description: 'Nothing had been set aside for an order, and nothing will be.',
  schema: z.object({ orderId, reason }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', reason: 'timeout' }],
});
export type StockForgone = EventData<typeof StockForgone>;
