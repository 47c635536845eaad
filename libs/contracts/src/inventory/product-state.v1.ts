import { defineState } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, sku } from '../fields.js';
import { productStates } from './topics.js';

const schema = z.object({ sku, name: z.string().min(1).max(200), priceCents: cents });

export const ProductState = defineState({
  type: 'ProductState',
  version: 1,
  topic: productStates,
  description: 'What a product is called and costs, as of its last listing.',
  schema,
  key: (data) => data.sku,
  examples: [{ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 }],
});
export type ProductState = z.output<typeof schema>;
