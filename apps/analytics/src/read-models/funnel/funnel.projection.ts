import { Controller } from '@nestjs/common';
import { OrderCancelled, OrderPlaced, OrderShipped, PaymentCaptured, StockRejected, StockReserved } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';

const COUNT = {
  name: 'analytics.count-funnel',
  text: `INSERT INTO funnel (stage, partition, orders)
    SELECT $1::text, partition, count(*) FROM unnest($2::int[]) AS counted (partition) GROUP BY 2 ORDER BY 2
    ON CONFLICT (stage, partition) DO UPDATE SET orders = funnel.orders + excluded.orders`,
};

type Stage = 'placed' | 'reserved' | 'rejected' | 'paid' | 'shipped' | 'cancelled';

const FUNNEL = { id: 'analytics.count-funnel', tables: ['funnel'], batch: true } as const;

/** Counts the orders that reach each stage. */
@Controller()
export class FunnelProjection {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(OrderPlaced, FUNNEL)
  async placed(events: readonly EventMessage<OrderPlaced>[]): Promise<void> {
    this.count('placed', events);
  }

  @ProjectsEvent(StockReserved, FUNNEL)
  async reserved(events: readonly EventMessage<StockReserved>[]): Promise<void> {
    this.count('reserved', events);
  }

  @ProjectsEvent(StockRejected, FUNNEL)
  async rejected(events: readonly EventMessage<StockRejected>[]): Promise<void> {
    this.count('rejected', events);
  }

  @ProjectsEvent(PaymentCaptured, FUNNEL)
  async paid(events: readonly EventMessage<PaymentCaptured>[]): Promise<void> {
    this.count('paid', events);
  }

  @ProjectsEvent(OrderShipped, FUNNEL)
  async shipped(events: readonly EventMessage<OrderShipped>[]): Promise<void> {
    this.count('shipped', events);
  }

  @ProjectsEvent(OrderCancelled, FUNNEL)
  async cancelled(events: readonly EventMessage<OrderCancelled>[]): Promise<void> {
    this.count('cancelled', events);
  }

  private count(stage: Stage, events: readonly EventMessage[]): void {
    this.unitOfWork.write({ ...COUNT, values: [stage, events.map(({ partition }) => partition)] });
  }
}
