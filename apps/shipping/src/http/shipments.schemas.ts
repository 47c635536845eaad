import { orderId, region } from '@nestbox/contracts';
import { z } from 'zod';

export const OrderId = orderId;

export const ShipmentAnswer = z
  .object({ orderId, status: z.enum(['shipped', 'refused', 'cancelled']), region: region.nullable() })
  .meta({ examples: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', status: 'shipped', region: 'DE' }] });

export const SandboxRequest = z
  .strictObject({ refusedRegions: z.array(region).max(250) })
  .meta({ examples: [{ refusedRegions: ['AQ'] }] });
export type SandboxRequest = z.output<typeof SandboxRequest>;
