import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';
import { MOST_ROWS, WordSearch } from '../word-search.js';
import { orderIdRange } from './order-id-range.js';

export interface FoundOrder {
  readonly orderId: string;
  readonly userId: string;
  readonly totalCents: number;
  readonly status: 'placed' | 'cancelled';
}

/** Orders whose id starts with the text, else whose customer and products contain all its words, or similar ones. */
export class FindOrders extends Query<readonly FoundOrder[]> {
  constructor(readonly question: string) {
    super();
  }
}

const COLUMNS = 'order_id AS "orderId", user_id AS "userId", total_cents AS "totalCents", status';
const BY_ID = `SELECT ${COLUMNS} FROM orders WHERE order_id BETWEEN $1 AND $2 ORDER BY order_id DESC LIMIT $3`;

type Row = Omit<FoundOrder, 'totalCents'> & { totalCents: string };

const byWords = new WordSearch<Row>('orders', COLUMNS, 'order_id');

@QueryHandler(FindOrders)
export class FindOrdersHandler implements IQueryHandler<FindOrders> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ question }: FindOrders): Promise<readonly FoundOrder[]> {
    const rows = await this.unitOfWork.run(() => this.rows(question));
    return rows.map((row) => ({ ...row, totalCents: Number(row.totalCents) }));
  }

  private async rows(question: string): Promise<Row[]> {
    const range = orderIdRange(question);
    const byId = range ? await this.unitOfWork.query<Row>(BY_ID, [...range, MOST_ROWS]) : [];
    return byId.length > 0 ? byId : byWords.find(this.unitOfWork, question);
  }
}
