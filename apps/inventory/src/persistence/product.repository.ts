import { Injectable } from '@nestjs/common';
import { ProductState } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox, stateAs } from '@nestbox/eventing';
import type { AggregateState } from '@nestbox/eventing';
import { Product } from '../domain/product.js';

@Injectable()
export class ProductRepository extends AggregateRepository<Product> {
  constructor(
    private readonly transaction: UnitOfWork,
    outbox: Outbox,
  ) {
    super(Product, transaction, outbox);
  }

  /** The locked product, or a new one. Other transactions for this sku wait, even while it has no row yet. */
  async lockOrNew(sku: string): Promise<Product> {
    await this.transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [sku]);
    return (await this.find(sku)) ?? Product.of(sku);
  }

  protected override stateOf({ sku, name, priceCents }: Product): AggregateState {
    return stateAs(ProductState, { sku, name, priceCents });
  }
}
