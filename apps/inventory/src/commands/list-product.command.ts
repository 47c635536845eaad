import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { ProductRepository } from '../persistence/product.repository.js';
import { Stock } from '../persistence/stock.js';

export class ListProduct extends Command<void> {
  constructor(
    readonly sku: string,
    readonly name: string,
    readonly priceCents: number,
    readonly onHand: number,
  ) {
    super();
  }
}

@CommandHandler(ListProduct)
export class ListProductHandler implements ICommandHandler<ListProduct> {
  constructor(
    private readonly products: ProductRepository,
    private readonly stock: Stock,
  ) {}

  async execute({ sku, name, priceCents, onHand }: ListProduct): Promise<void> {
    const product = await this.products.lockOrNew(sku);
    product.list(name, priceCents);
    if (product.pendingEvents().length > 0) await this.products.save(product);
    await this.stock.setOnHand(sku, onHand);
  }
}
