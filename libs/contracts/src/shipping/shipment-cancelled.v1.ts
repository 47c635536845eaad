import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, reason } from '../fields.js';
import { shipments } from './topics.js';

export const ShipmentCancelled = defineEvent({
  type: 'ShipmentCancelled',
  version: 1,
  topic: shipments,
  description: 'An order has not been shipped and never will be.',
  schema: z.object({ orderId, reason }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', reason: 'timeout' }],
});
export type ShipmentCancelled = EventData<typeof ShipmentCancelled>;
