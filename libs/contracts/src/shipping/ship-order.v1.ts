import { defineCommand } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { MAX_LINES, orderId, quantity, region, sku } from '../fields.js';
import { commands } from './topics.js';

export const ShipOrder = defineCommand({
  type: 'ShipOrder',
  version: 1,
  recipient: 'shipping',
  topic: commands,
  description: 'Hand an order to the carrier, once. Answered by OrderShipped or ShippingRefused.',
  schema: z.object({ orderId, region, lines: z.array(z.object({ sku, quantity })).min(1).max(MAX_LINES) }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', region: 'DE', lines: [{ sku: 'mug-blue', quantity: 2 }] }],
});
export type ShipOrder = EventData<typeof ShipOrder>;
