import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface ProductDetails {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  /** Physical quantity; `onHand - reserved` is available. */
  readonly onHand: number;
  readonly reserved: number;
  readonly shipped: number;
}

export class GetProduct extends Query<ProductDetails | undefined> {
  constructor(readonly sku: string) {
    super();
  }
}

@QueryHandler(GetProduct)
export class GetProductHandler implements IQueryHandler<GetProduct> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ sku }: GetProduct): Promise<ProductDetails | undefined> {
    const [row]: (Omit<ProductDetails, 'priceCents'> & { priceCents: string })[] = await this.unitOfWork.manager.query(
      `SELECT sku, name, price_cents AS "priceCents", on_hand AS "onHand", reserved, shipped
         FROM products JOIN stock USING (sku) WHERE sku = $1`,
      [sku],
    );
    return row && { ...row, priceCents: Number(row.priceCents) };
  }
}
