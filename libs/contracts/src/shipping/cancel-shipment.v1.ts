import { defineCommand } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { orderId, reason } from '../fields.js';
import { commands } from './topics.js';

export const CancelShipment = defineCommand({
  type: 'CancelShipment',
  version: 1,
  recipient: 'shipping',
  topic: commands,
  description: 'Never ship an order. Answered by ShipmentCancelled, or by the OrderShipped that came first.',
  schema: z.object({ orderId, reason }),
  key: (data) => data.orderId,
  examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', reason: 'timeout' }],
});
export type CancelShipment = EventData<typeof CancelShipment>;
