import { Controller, Inject } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { OrderPlaced } from './shop.js';
import { ORDER_UPSERT, REVENUE_UPSERT } from './statements.js';

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
