import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';
import { exactly, MOST_ROWS, RESEMBLANCE, roughly } from '../matching.sql.js';
import { wantedIn } from '../words.js';

export interface FoundProduct {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
}

/** Products whose name or sku holds all the words; when there is none, those that come close. */
export class FindProducts extends Query<readonly FoundProduct[]> {
  constructor(readonly question: string) {
    super();
  }
}

const COLUMNS = 'sku, name, price_cents AS "priceCents"';
const EXACTLY = exactly('products', COLUMNS, 'sku');
const ROUGHLY = roughly('products', COLUMNS, 'sku');

type Row = Omit<FoundProduct, 'priceCents'> & { priceCents: string };

@QueryHandler(FindProducts)
export class FindProductsHandler implements IQueryHandler<FindProducts> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ question }: FindProducts): Promise<readonly FoundProduct[]> {
    const rows = await this.unitOfWork.run(() => this.rows(question));
    return rows.map((row) => ({ ...row, priceCents: Number(row.priceCents) }));
  }

  private async rows(question: string): Promise<Row[]> {
    const wanted = wantedIn(question);
    if (!wanted) return [];
    const { exact, swapped, text, longest, words } = wanted;
    const found = await this.unitOfWork.query<Row>(EXACTLY, [exact, text, MOST_ROWS]);
    if (found.length > 0) return found;
    await this.unitOfWork.query(RESEMBLANCE);
    return this.unitOfWork.query<Row>(ROUGHLY, [swapped, text, MOST_ROWS, longest, words]);
  }
}
