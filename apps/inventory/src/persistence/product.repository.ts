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

  /** The product, or a new one; whoever else lists this sku waits, also for one that has no row to lock yet. */
  async lockOrNew(sku: string): Promise<Product> {
    await this.transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [sku]);
    return (await this.find(sku)) ?? Product.of(sku);
  }

  protected override stateOf({ sku, name, priceCents }: Product): AggregateState {
    return stateAs(ProductState, { sku, name, priceCents });
  }
}
