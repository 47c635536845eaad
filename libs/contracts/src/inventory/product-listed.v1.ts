import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { cents, sku } from '../fields.js';
import { wire } from '../wire.js';
import { products } from './topics.js';

export const ProductListed = defineEvent({
  type: 'ProductListed',
  version: 1,
  topic: products,
  description: 'A product is for sale under this name at this price, until its next listing.',
  schema: z.object({ sku, name: z.string().min(1).max(200), priceCents: cents }),
  wire: wire('AVRO', import.meta.url, './product-listed.v1.avsc'),
  key: (data) => data.sku,
  examples: [{ sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 }],
});
export type ProductListed = EventData<typeof ProductListed>;
