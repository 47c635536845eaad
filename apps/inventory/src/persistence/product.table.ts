import { EntitySchema } from 'typeorm';
import { Product } from '../domain/product.js';

// pg returns a bigint as text; prices are small enough for an exact number.
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
