import { cardToken, cents, orderId } from '@nestbox/contracts';
import { z } from 'zod';

export const OrderId = orderId;

export const PaymentAnswer = z
  .object({
    orderId,
    status: z.enum(['requested', 'captured', 'declined', 'refunding', 'refunded', 'voided']),
    amountCents: cents,
    attempts: z.int().min(0).meta({ description: 'How often the provider has been asked.' }),
    lastFault: z.string().nullable(),
  })
  .meta({
    examples: [
      { orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', status: 'captured', amountCents: 2500, attempts: 1, lastFault: null },
    ],
  });

export const LedgerAnswer = z
  .object({ capturedCents: z.int(), refundedCents: z.int(), balances: z.record(z.string(), z.int()) })
  .meta({ examples: [{ capturedCents: 5000, refundedCents: 2500, balances: { provider: 2500, sales: -2500 } }] });

export const SandboxRequest = z
  .strictObject({
    declinedCards: z.array(cardToken).max(1_000).default([]),
    declineAboveCents: cents.nullable().default(null),
    answerAfterMs: z.int().min(0).max(60_000).default(0),
    lostAnswers: z.number().min(0).max(1).default(0).meta({ description: 'Share of answers lost after the money has moved.' }),
  })
  .meta({ examples: [{ declinedCards: ['card-stolen'], declineAboveCents: 100000, answerAfterMs: 50, lostAnswers: 0.1 }] });
export type SandboxRequest = z.output<typeof SandboxRequest>;
