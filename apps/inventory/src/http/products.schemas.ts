import { cents, sku } from '@nestbox/contracts';
import { z } from 'zod';

const amount = z.int().min(0).max(1_000_000_000);
// No control characters, which can fake log lines, and no lone surrogates, which PostgreSQL cannot store.
const name = z.string().min(1).max(200).regex(/^[^\p{Cc}\p{Cs}]+$/u, 'Control characters are not allowed');

export const Sku = sku;

export const ProductRequest = z
  .strictObject({ name, priceCents: cents, onHand: amount.meta({ description: 'Physically there' }) })
  .meta({ examples: [{ name: 'Blue mug', priceCents: 1250, onHand: 100 }] });
export type ProductRequest = z.output<typeof ProductRequest>;

export const ProductAnswer = z
  .object({ sku, name, priceCents: cents, onHand: amount, reserved: amount, shipped: amount })
  .meta({ examples: [{ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250, onHand: 100, reserved: 2, shipped: 0 }] });
