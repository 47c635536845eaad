import { cardToken, cents, email, MAX_LINES, orderId, quantity, region, sku, userId } from '@nestbox/contracts';
import { z } from 'zod';

const eventId = z.uuid().meta({ description: 'Follow it through the other services.' });

export const OrderId = orderId;

export const OrderRequest = z
  .strictObject({
    // No control characters, which can fake log lines, and no lone surrogates, which PostgreSQL cannot store.
    userId: userId
      .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'Control characters are not allowed')
      .optional()
      .meta({ description: 'Only for operators who order for somebody. Default: whoever has signed in, else a guest.' }),
    email,
    lines: z.array(z.strictObject({ sku, quantity })).min(1).max(MAX_LINES),
    cardToken: cardToken.optional().meta({ description: 'Stands for a card at the payment provider. Default: the one on file.' }),
    region: region.optional().meta({ description: 'Country that it goes to, ISO 3166-1 alpha-2. Default: DE.' }),
  })
  .meta({ examples: [{ email: 'ada@example.com', lines: [{ sku: 'mug-blue', quantity: 2 }] }] });
export type OrderRequest = z.output<typeof OrderRequest>;

const ids = { orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', eventId: '0191e7a0-5c3b-7c4f-8a1b-2c3d4e5f6071' };

export const OrderPlacedAnswer = z
  .object({
    orderId,
    status: z.literal('placed'),
    totalCents: cents,
    eventId,
    secret: z.string().optional().meta({ description: 'Only for guests: send it as Order-Secret to look at the order or to cancel it.' }),
  })
  .meta({ examples: [{ ...ids, status: 'placed', totalCents: 2500 }] });

export const CancellationAnswer = z
  .object({ orderId, status: z.literal('cancelling'), eventId })
  .meta({ examples: [{ ...ids, status: 'cancelling' }] });

export const OrderAnswer = z
  .object({
    orderId,
    userId,
    status: z.enum(['placed', 'reserved', 'paid', 'cancelling', 'shipped', 'cancelled']),
    lines: z.array(z.object({ sku, quantity, unitPriceCents: cents })),
    totalCents: cents,
    placedAt: z.iso.datetime(),
  })
  .meta({
    examples: [
      {
        orderId: ids.orderId,
        userId: 'user-7',
        status: 'placed',
        lines: [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }],
        totalCents: 2500,
        placedAt: '2026-11-23T06:00:00.000Z',
      },
    ],
  });
