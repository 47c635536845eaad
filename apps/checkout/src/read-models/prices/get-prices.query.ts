import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

/** The current prices of these skus in cents, without those that are not for sale. */
export class GetPrices extends Query<ReadonlyMap<string, number>> {
  constructor(readonly skus: readonly string[]) {
    super();
  }
}

@QueryHandler(GetPrices)
export class GetPricesHandler implements IQueryHandler<GetPrices> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ skus }: GetPrices): Promise<ReadonlyMap<string, number>> {
    const rows: { sku: string; price_cents: string }[] = await this.unitOfWork.manager.query(
      'SELECT sku, price_cents FROM prices WHERE sku = ANY ($1)',
      [skus],
    );
    return new Map(rows.map(({ sku, price_cents }) => [sku, Number(price_cents)]));
  }
}
