import { Controller } from '@nestjs/common';
import { ProductListed, ProductState } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent, ProjectsState } from '@nestbox/eventing';
import type { EventMessage, StateMessage } from '@nestbox/eventing';
import { wordsOf } from '../words.js';

// The WHERE clause ignores an older listing that arrives late.
const KEEP_LATEST = {
  name: 'search.keep-product',
  text: `INSERT INTO products (sku, name, price_cents, words, listing) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (sku) DO UPDATE SET
      name = excluded.name, price_cents = excluded.price_cents, words = excluded.words, listing = excluded.listing
    WHERE products.listing < excluded.listing`,
};

const DROP = { name: 'search.drop-product', text: 'DELETE FROM products WHERE sku = $1' };

const PRODUCTS = { id: 'search.index-products', group: 'search.index-products', tables: ['products'], repeatable: true };

/** Seeded from the state topic, so that a new search app need not read all past price changes. */
@Controller()
export class ProductsProjection {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ProjectsState(ProductState, PRODUCTS)
  async stands({ key, data, aggregateVersion }: StateMessage<ProductState>): Promise<void> {
    if (data) this.keep(data, aggregateVersion);
    else this.unitOfWork.write({ ...DROP, values: [key] });
  }

  @ProjectsEvent(ProductListed, PRODUCTS)
  async listed({ data, aggregateVersion }: EventMessage<ProductListed>): Promise<void> {
    this.keep(data, aggregateVersion);
  }

  private keep({ sku, name, priceCents }: ProductState, aggregateVersion: number): void {
    const words = wordsOf(`${name} ${sku}`).join(' ');
    this.unitOfWork.write({ ...KEEP_LATEST, values: [sku, name, priceCents, words, aggregateVersion] });
  }
}
