import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface Revenue {
  /** `2026-11-23`, or `2026-11-23T06:00:00Z`; UTC. */
  readonly period: string;
  readonly orders: number;
  readonly totalCents: number;
}

/** Revenue of orders that are not cancelled, by period: the latest thousand periods, oldest first. */
export class GetRevenue extends Query<readonly Revenue[]> {
  constructor(readonly by: 'day' | 'hour') {
    super();
  }
}

const formats = { day: 'YYYY-MM-DD', hour: 'YYYY-MM-DD"T"HH24:MI:SS"Z"' };
const REVENUE = `
  SELECT to_char(start AT TIME ZONE 'UTC', $2) AS period, orders, total_cents AS "totalCents" FROM (
    SELECT date_trunc($1, hour, 'UTC') AS start, sum(orders) AS orders, sum(total_cents) AS total_cents
    FROM revenue_by_hour GROUP BY 1 HAVING sum(orders) <> 0 ORDER BY 1 DESC LIMIT 1000
  ) latest ORDER BY start`;

@QueryHandler(GetRevenue)
export class GetRevenueHandler implements IQueryHandler<GetRevenue> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ by }: GetRevenue): Promise<readonly Revenue[]> {
    const rows: Record<keyof Revenue, string>[] = await this.unitOfWork.manager.query(REVENUE, [by, formats[by]]);
    return rows.map(({ period, orders, totalCents }) => ({ period, orders: Number(orders), totalCents: Number(totalCents) }));
  }
}
