import { z } from 'zod';

/** Ids are bigints in decimal. */
export const rowId = z.string().regex(/^[1-9]\d{0,17}$/, 'An id is a whole number');

/** Part of the body of every request that changes something. */
export const act = {
  actor: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .meta({ description: 'Who does this. The audit keeps it, with the role of the token.' }),
  reason: z.string().trim().min(1).max(500).meta({ description: 'Why. The audit keeps it.' }),
};

export const Act = z.strictObject(act);
export type Act = z.output<typeof Act>;
