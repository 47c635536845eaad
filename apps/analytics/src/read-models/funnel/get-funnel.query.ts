import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface Funnel {
  readonly placed: number;
  readonly reserved: number;
  readonly rejected: number;
  readonly paid: number;
  readonly shipped: number;
  readonly cancelled: number;
}

/** The number of orders that ever reached each stage. */
export class GetFunnel extends Query<Funnel> {}

@QueryHandler(GetFunnel)
export class GetFunnelHandler implements IQueryHandler<GetFunnel> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(): Promise<Funnel> {
    const rows: { stage: keyof Funnel; orders: string }[] = await this.unitOfWork.manager.query(
      'SELECT stage, sum(orders) AS orders FROM funnel GROUP BY stage',
    );
    const counts = Object.fromEntries(rows.map(({ stage, orders }) => [stage, Number(orders)]));
    return { placed: 0, reserved: 0, rejected: 0, paid: 0, shipped: 0, cancelled: 0, ...counts };
  }
}
