import { z } from 'zod';

const count = z.int().min(0);

export const RevenueRequest = z.strictObject({ by: z.enum(['day', 'hour']).default('day') });
export type RevenueRequest = z.output<typeof RevenueRequest>;

export const RevenueAnswer = z
  .array(z.object({ period: z.string(), orders: z.int(), totalCents: z.int() }))
  .meta({ examples: [[{ period: '2026-11-23', orders: 12, totalCents: 30000 }]] });

export const FunnelAnswer = z
  .object({ placed: count, reserved: count, rejected: count, paid: count, shipped: count, cancelled: count })
  .meta({ examples: [{ placed: 20, reserved: 17, rejected: 2, paid: 16, shipped: 16, cancelled: 4 }] });

export const SignUpsAnswer = z.array(z.object({ day: z.string(), people: count })).meta({ examples: [[{ day: '2026-11-23', people: 7 }]] });
