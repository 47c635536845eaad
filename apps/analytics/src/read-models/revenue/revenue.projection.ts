import { Controller } from '@nestjs/common';
import { OrderCancelled, OrderPlaced } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';

// $4 is 1 for a placed order and -1 for a cancelled one: with sums the order of arrival does not matter.
const COUNT = {
  name: 'analytics.count-revenue',
  text: `INSERT INTO revenue_by_hour (hour, partition, orders, total_cents)
    SELECT date_trunc('hour', placed_at, 'UTC'), partition, $4::int * count(*), $4::int * sum(cents)
    FROM unnest($1::timestamptz[], $2::int[], $3::bigint[]) AS taken (placed_at, partition, cents)
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (hour, partition) DO UPDATE SET
      orders = revenue_by_hour.orders + excluded.orders,
      total_cents = revenue_by_hour.total_cents + excluded.total_cents`,
};

const REVENUE = { id: 'analytics.count-revenue', tables: ['revenue_by_hour'], batch: true } as const;

/** Revenue by the hour of placing; a cancelled order is subtracted from its hour. */
@Controller()
export class RevenueProjection {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(OrderPlaced, REVENUE)
  async placed(events: readonly EventMessage<OrderPlaced>[]): Promise<void> {
    this.count(events, 1);
  }

  @ProjectsEvent(OrderCancelled, REVENUE)
  async cancelled(events: readonly EventMessage<OrderCancelled>[]): Promise<void> {
    this.count(events, -1);
  }

  private count(events: readonly EventMessage<OrderPlaced | OrderCancelled>[], sign: 1 | -1): void {
    const placedAt = events.map(({ data }) => data.placedAt);
    const partitions = events.map(({ partition }) => partition);
    const cents = events.map(({ data }) => data.totalCents);
    this.unitOfWork.write({ ...COUNT, values: [placedAt, partitions, cents, sign] });
  }
}
