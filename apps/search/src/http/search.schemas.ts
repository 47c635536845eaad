import { cents, orderId, sku, userId } from '@nestbox/contracts';
import { z } from 'zod';

export const SearchRequest = z.strictObject({
  q: z.string().min(1).max(100).meta({ description: 'Words, or the beginning of an order id', examples: ['blue mgu'] }),
});
export type SearchRequest = z.output<typeof SearchRequest>;

export const SearchAnswer = z
  .object({
    products: z.array(z.object({ sku, name: z.string(), priceCents: cents })),
    orders: z.array(z.object({ orderId, userId, totalCents: cents, status: z.enum(['placed', 'cancelled']) })),
  })
  .meta({
    examples: [
      {
        products: [{ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 }],
        orders: [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', userId: 'user-7', totalCents: 2500, status: 'placed' }],
      },
    ],
  });
