import { z } from 'zod';

// Up to 10 billion units of currency: exact in a double.
export const cents = z.int().min(0).max(1_000_000_000_000).describe("Whole minor units of the shop's one currency.");
export const sku = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
export const orderId = z.uuid();
/** Marks personal data: shown in the catalogue; must be kept out of logs. */
const personal = { 'x-personal-data': true } as const;
export const userId = z.string().min(1).max(128).meta(personal);
/** Of an account. Says nothing of the person. */
export const accountId = z.uuid();
export const email = z.email().max(254).meta(personal);
/** Values of personal fields after the person is forgotten. */
export const forgotten = { userId: 'forgotten', email: 'forgotten@example.invalid' };
export const quantity = z.int().min(1).max(10_000);
/** Lines of one order: no sku twice. */
export const MAX_LINES = 100;
export const reason = z.enum(['customer', 'stock', 'payment', 'shipping', 'timeout']).describe('What the order is taken back for.');
export const cardToken = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)
  .describe('Stands for a card at the payment provider; never its number.');
export const region = z.string().regex(/^[A-Z]{2}$/).describe('ISO 3166-1 alpha-2: where the order goes.');
