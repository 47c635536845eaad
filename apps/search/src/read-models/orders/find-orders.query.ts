import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';
import { exactly, MOST_ROWS, RESEMBLANCE, roughly } from '../matching.sql.js';
import { wantedIn } from '../words.js';
import { orderIdRange } from './order-id-range.js';

export interface FoundOrder {
  readonly orderId: string;
  readonly userId: string;
  readonly totalCents: number;
  readonly status: 'placed' | 'cancelled';
}

/** Orders whose id begins so, or else whose customer and products hold all the words, or come close. */
export class FindOrders extends Query<readonly FoundOrder[]> {
  constructor(readonly question: string) {
    super();
  }
}

const COLUMNS = 'order_id AS "orderId", user_id AS "userId", total_cents AS "totalCents", status';
const BY_ID = `SELECT ${COLUMNS} FROM orders WHERE order_id BETWEEN $1 AND $2 ORDER BY order_id DESC LIMIT $3`;
const EXACTLY = exactly('orders', COLUMNS, 'order_id');
const ROUGHLY = roughly('orders', COLUMNS, 'order_id');

type Row = Omit<FoundOrder, 'totalCents'> & { totalCents: string };

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
    if (byId.length > 0) return byId;
    const wanted = wantedIn(question);
    if (!wanted) return [];
    const { exact, swapped, text, longest, words } = wanted;
    const found = await this.unitOfWork.query<Row>(EXACTLY, [exact, text, MOST_ROWS]);
    if (found.length > 0) return found;
    await this.unitOfWork.query(RESEMBLANCE);
    return this.unitOfWork.query<Row>(ROUGHLY, [swapped, text, MOST_ROWS, longest, words]);
  }
}
