import { Controller, Inject } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { createBroker, ProjectsEvent, ProjectsState } from '@nestbox/eventing';
import type { EventMessage, StateMessage } from '@nestbox/eventing';
import { defineState } from '@nestbox/kernel';
import { z } from 'zod';
import { REVENUE_UPSERT } from './statements.js';
import { MeteredBroker } from './metered.broker.js';
import { kafkaBrokers } from './setting.js';
import { OrderPlaced } from './shop.js';

export const TOPIC = 'checkout.orders';

export const PeriodState = defineState({
  type: 'PeriodState',
  version: 1,
  topic: 'checkout.orders.state',
  complete: true,
  description: 'Revenue of a period.',
  schema: z.object({ period: z.string(), totalCents: z.int() }),
  key: ({ period }) => period,
  examples: [{ period: '2026-11-23T06', totalCents: 100 }],
});
type PeriodState = { period: string; totalCents: number };
export const topics = [{ name: TOPIC, partitions: 6 }, { name: PeriodState.topic, partitions: 6, cleanup: 'compact' as const }];

export const view = { id: 'bench.view', group: 'bench.view', tables: ['revenue'] };
/** When the live view had an event: performance.now(). */
export const appliedAt = new Map<string, number>();

@Controller()
export class RevenueView {
  constructor(@Inject(UnitOfWork) protected readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(OrderPlaced, { ...view, batch: true })
  placed(events: readonly EventMessage<OrderPlaced>[]): void {
    this.unitOfWork.write({ ...REVENUE_UPSERT, values: [events.map(({ data }) => data.period), events.map(({ data }) => data.totalCents)] });
    const { current } = this.unitOfWork;
    if (events.length >= 100 || current.fencedFor) return;
    current.onAfterCommit(() => events.forEach(({ eventId }) => appliedAt.set(eventId, performance.now())));
  }
}

@Controller()
export class RevenueFromStates extends RevenueView {
  constructor(@Inject(UnitOfWork) unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }

  @ProjectsState(PeriodState, view)
  stands({ data }: StateMessage<PeriodState>): void {
    if (data) this.unitOfWork.write({ ...REVENUE_UPSERT, values: [[data.period], [data.totalCents]] });
  }

  @ProjectsEvent(OrderPlaced, { ...view, batch: true })
  override placed(events: readonly EventMessage<OrderPlaced>[]): void {
    super.placed(events);
  }
}

export const kafka = async () => new MeteredBroker(await createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench'));
