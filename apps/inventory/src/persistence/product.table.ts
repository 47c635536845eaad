import { EntitySchema } from 'typeorm';
import { Product } from '../domain/product.js';

// PostgreSQL's bigint arrives as text; prices stay where a number is exact.
const cents = { to: (value: number) => value, from: (text: string) => Number(text) };

export const ProductTable = new EntitySchema<Product>({
  name: 'Product',
  target: Product,
  tableName: 'products',
  columns: {
    sku: { type: 'text', primary: true },
    version: { type: 'int' },
    name: { type: 'text' },
    priceCents: { name: 'price_cents', type: 'bigint', transformer: cents },
  },
});
