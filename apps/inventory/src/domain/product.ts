import { ProductListed } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';

/** Something for sale. How much of it there is changes far more often, and is the stock's business. */
export class Product extends AggregateRoot {
  sku!: string;
  name!: string;
  priceCents!: number;

  static of(sku: string): Product {
    return Object.assign(new Product(), { sku });
  }

  /** Says so only when something that others can see has changed. */
  list(name: string, priceCents: number): void {
    if (this.version > 0 && this.name === name && this.priceCents === priceCents) return;
    this.raise(ProductListed, { sku: this.sku, name, priceCents });
    Object.assign(this, { name, priceCents });
  }
}
