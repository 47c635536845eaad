import { ProductListed } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';

/** A product for sale. Its quantity changes far more often, and is kept in Stock. */
export class Product extends AggregateRoot {
  sku!: string;
  name!: string;
  priceCents!: number;

  static of(sku: string): Product {
    return Object.assign(new Product(), { sku });
  }

  /** Raises an event only when name or price changed. */
  list(name: string, priceCents: number): void {
    if (this.version > 0 && this.name === name && this.priceCents === priceCents) return;
    this.raise(ProductListed, { sku: this.sku, name, priceCents });
    Object.assign(this, { name, priceCents });
  }
}
