import { accountId, email } from '@nestbox/contracts';
import { z } from 'zod';

// One account per address, however it is spelt.
const address = email.transform((text) => text.toLowerCase());
const password = z.string().min(10).max(200).meta({ description: 'At least 10 characters.' });
const refreshToken = z.string().regex(/^[\w-]{43}$/);

export const SignUpRequest = z
  .strictObject({ email: address, password })
  .meta({ examples: [{ email: 'ada@example.com', password: 'correct horse battery' }] });
export type SignUpRequest = z.output<typeof SignUpRequest>;

export const SignInRequest = z.strictObject({ email: address, password: z.string().max(200) });
export type SignInRequest = z.output<typeof SignInRequest>;

export const ConfirmRequest = z.strictObject({ code: z.string().max(100) });
export type ConfirmRequest = z.output<typeof ConfirmRequest>;

export const RefreshRequest = z.strictObject({ refreshToken });
export type RefreshRequest = z.output<typeof RefreshRequest>;

export const AccountId = accountId;

export const SessionAnswer = z.object({
  userId: accountId,
  accessToken: z.string().meta({ description: 'Send it as bearer to every app.' }),
  expiresInSeconds: z.int(),
  refreshToken,
});

export const AccountAnswer = z.object({ userId: accountId, email, confirmed: z.boolean(), signedUpAt: z.iso.datetime() });

export const KeysAnswer = z.object({ keys: z.array(z.object({ kid: z.string(), kty: z.string() }).loose()) });
