import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, region } from '../fields.js';
import { shipments } from './topics.js';

export const OrderShipped = defineEvent({
  type: 'OrderShipped',
  version: 1,
  topic: shipments,
  description: 'An order has left the house: there is no way back.',
  schema: z.object({ orderId, region, shippedAt: z.iso.datetime() }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', region: 'DE', shippedAt: '2026-11-23T06:00:02.000Z' }],
});
export type OrderShipped = EventData<typeof OrderShipped>;
