import { Controller, Inject } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { OrderPlaced } from './shop.js';

export const ORDER_UPSERT = {
  name: 'bench-order',
  text: 'INSERT INTO orders (id, total_cents) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET total_cents = excluded.total_cents',
};

export const REVENUE_UPSERT = {
  name: 'bench-revenue',
  text: `INSERT INTO revenue (period, orders, total_cents)
    SELECT p, count(*), sum(t) FROM unnest($1::text[], $2::int[]) AS each(p, t) GROUP BY p ORDER BY p
    ON CONFLICT (period) DO UPDATE SET orders = revenue.orders + excluded.orders,
      total_cents = revenue.total_cents + excluded.total_cents`,
};

@Controller()
export class RevenueInSets {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(OrderPlaced, { id: 'bench.revenue', batch: true })
  placed(events: readonly EventMessage<OrderPlaced>[]): void {
    const periods = events.map(({ data }) => data.period);
    const totals = events.map(({ data }) => data.totalCents);
    this.unitOfWork.write({ ...REVENUE_UPSERT, values: [periods, totals] });
  }
}

@Controller()
export class OrderByOrder {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(OrderPlaced, { id: 'bench.orders' })
  placed({ data }: EventMessage<OrderPlaced>): void {
    this.unitOfWork.write({ ...ORDER_UPSERT, values: [data.orderId, data.totalCents] });
  }
}
