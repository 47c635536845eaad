import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface LedgerTotals {
  readonly capturedCents: number;
  readonly refundedCents: number;
  /** By account: debit minus credit. The sum is always 0. */
  readonly balances: Readonly<Record<string, number>>;
}

export class GetLedger extends Query<LedgerTotals> {}

const TOTALS = `SELECT
    coalesce(sum(amount_cents) FILTER (WHERE kind = 'capture'), 0)::float8 AS "capturedCents",
    coalesce(sum(amount_cents) FILTER (WHERE kind = 'refund'), 0)::float8 AS "refundedCents",
    (SELECT coalesce(jsonb_object_agg(account, balance), '{}') FROM (
      SELECT account, sum(cents) AS balance FROM (
        SELECT debit AS account, amount_cents AS cents FROM ledger UNION ALL SELECT credit, -amount_cents FROM ledger
      ) lines GROUP BY account) accounts) AS balances
  FROM ledger`;

@QueryHandler(GetLedger)
export class GetLedgerHandler implements IQueryHandler<GetLedger> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(): Promise<LedgerTotals> {
    const [totals]: LedgerTotals[] = await this.unitOfWork.manager.query(TOTALS);
    return totals!;
  }
}
