import { Controller, Inject } from '@nestjs/common';
import { ProductListed } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { wordsOf } from '../words.js';

// The guard makes an older listing that arrives late change nothing.
const KEEP_LATEST = {
  name: 'search.keep-product',
  text: `INSERT INTO products (sku, name, price_cents, words, listing) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (sku) DO UPDATE SET
      name = excluded.name, price_cents = excluded.price_cents, words = excluded.words, listing = excluded.listing
    WHERE products.listing < excluded.listing`,
};

@Controller()
export class ProductsProjection {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(ProductListed, { id: 'search.index-products', tables: ['products'], repeatable: true })
  async listed({ data, aggregateVersion }: EventMessage<ProductListed>): Promise<void> {
    const { sku, name, priceCents } = data;
    const words = wordsOf(`${name} ${sku}`).join(' ');
    this.unitOfWork.write({ ...KEEP_LATEST, values: [sku, name, priceCents, words, aggregateVersion] });
  }
}
