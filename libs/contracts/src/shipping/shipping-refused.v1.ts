import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, region } from '../fields.js';
import { shipments } from './topics.js';

export const ShippingRefused = defineEvent({
  type: 'ShippingRefused',
  version: 1,
  topic: shipments,
  description: 'An order cannot be shipped to its region, and was not.',
  schema: z.object({ orderId, region }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', region: 'AQ' }],
});
export type ShippingRefused = EventData<typeof ShippingRefused>;
