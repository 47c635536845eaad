import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';
import { WordSearch } from '../word-search.js';

export interface FoundProduct {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
}

/** Products whose name or sku contains all the words; if there are none, similar ones. */
export class FindProducts extends Query<readonly FoundProduct[]> {
  constructor(readonly question: string) {
    super();
  }
}

const COLUMNS = 'sku, name, price_cents AS "priceCents"';

type Row = Omit<FoundProduct, 'priceCents'> & { priceCents: string };

const byWords = new WordSearch<Row>('products', COLUMNS, 'sku');

@QueryHandler(FindProducts)
export class FindProductsHandler implements IQueryHandler<FindProducts> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ question }: FindProducts): Promise<readonly FoundProduct[]> {
    const rows = await this.unitOfWork.run(() => byWords.find(this.unitOfWork, question));
    return rows.map((row) => ({ ...row, priceCents: Number(row.priceCents) }));
  }
}
