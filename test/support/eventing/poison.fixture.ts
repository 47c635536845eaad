import { HandlesEvent, ProjectsEvent } from '@nestbox/consumer';
import type { RetryOptions } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import type { EventMessage } from '@nestbox/messaging';
import { Controller, Inject } from '@nestjs/common';
import { OrderCancelled, OrderPlaced } from './shop.fixture.js';
import type { OrderData } from './shop.fixture.js';

type Trouble = (event: EventMessage<OrderData>, handler: string) => void | Promise<void>;

/** What is wrong with the handlers below, until it is mended. */
export class Poison {
  private trouble: Trouble = () => undefined;
  readonly tries: string[] = [];

  be(trouble: Trouble): void {
    this.trouble = trouble;
  }

  /** Events of these keys fail, all of them or those of one version. */
  in(keys: readonly string[], version?: number): void {
    const poisoned = new Set(keys);
    this.be(({ key, aggregateVersion }) => {
      if (poisoned.has(key) && (version ?? aggregateVersion) === aggregateVersion) throw new TypeError('cannot be handled yet');
    });
  }

  mend(): void {
    this.be(() => undefined);
    this.tries.length = 0;
  }

  async taste(event: EventMessage<OrderData>, handler: string): Promise<void> {
    this.tries.push(event.eventId);
    await this.trouble(event, handler);
  }
}

/** All tries in place, so that an operator is asked at once. */
export const quick = { attempts: 3, inPlace: 3, firstDelayMs: 1, longestDelayMs: 5 };

/** Handlers of each kind that leave their effects in the table of the running context. */
export function poisonedHandlers(poison: Poison, retry: RetryOptions = quick) {
  class Tasting {
    constructor(@Inject(UnitOfWork) protected readonly unitOfWork: UnitOfWork) {}

    protected async handle(handler: string, event: EventMessage<OrderData>): Promise<void> {
      const { eventId, key, aggregateVersion } = event;
      this.unitOfWork.write({
        name: 'effect',
        text: 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)',
        values: [handler, eventId, key, aggregateVersion],
      });
      await poison.taste(event, handler);
    }
  }

  @Controller()
  class ReserveStock extends Tasting {
    @HandlesEvent(OrderPlaced, { id: 'inventory.reserve-stock', retry })
    reserve(event: EventMessage<OrderData>): Promise<void> {
      return this.handle('inventory.reserve-stock', event);
    }

    @HandlesEvent(OrderCancelled, { id: 'inventory.reserve-stock', retry })
    release(event: EventMessage<OrderData>): Promise<void> {
      return this.handle('inventory.reserve-stock', event);
    }
  }

  @Controller()
  class SendConfirmation extends Tasting {
    @HandlesEvent(OrderPlaced, { id: 'email.confirm-order', retry, ordered: false })
    confirm(event: EventMessage<OrderData>): Promise<void> {
      return this.handle('email.confirm-order', event);
    }

    @HandlesEvent(OrderCancelled, { id: 'email.confirm-order', retry, ordered: false })
    apologise(event: EventMessage<OrderData>): Promise<void> {
      return this.handle('email.confirm-order', event);
    }
  }

  @Controller()
  class OrderHistory extends Tasting {
    @ProjectsEvent(OrderPlaced, { id: 'search.orders', retry })
    placed(event: EventMessage<OrderData>): Promise<void> {
      return this.handle('search.orders', event);
    }

    @ProjectsEvent(OrderCancelled, { id: 'search.orders', retry })
    cancelled(event: EventMessage<OrderData>): Promise<void> {
      return this.handle('search.orders', event);
    }
  }

  @Controller()
  class RevenueReport extends Tasting {
    @ProjectsEvent(OrderPlaced, { id: 'analytics.revenue', batch: true, retry })
    async placed(events: readonly EventMessage<OrderData>[]): Promise<void> {
      for (const event of events) await this.handle('analytics.revenue', event);
    }

    @ProjectsEvent(OrderCancelled, { id: 'analytics.revenue', batch: true, retry })
    async cancelled(events: readonly EventMessage<OrderData>[]): Promise<void> {
      for (const event of events) await this.handle('analytics.revenue', event);
    }
  }

  return { ReserveStock, SendConfirmation, OrderHistory, RevenueReport };
}
