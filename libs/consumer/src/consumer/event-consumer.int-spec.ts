import { UnitOfWork } from '@nestbox/database';
import { eventually } from '@nestbox/kernel/testing';
import type { EventMessage } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { Catch, Controller, ForbiddenException, Inject, Injectable, UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import type { CanActivate, PipeTransform, RpcExceptionFilter, Type } from '@nestjs/common';
import { EMPTY } from 'rxjs';
import { OrderRepository, RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { Order, OrderCancelled, OrderPlaced } from '../../../../test/support/eventing/shop.fixture.js';
import type { OrderData } from '../../../../test/support/eventing/shop.fixture.js';
import { HandlesEvent, ProjectsEvent } from '../handler/handles-event.js';

@Injectable()
class Effects {
  constructor(@Inject(UnitOfWork) protected readonly unitOfWork: UnitOfWork) {}

  protected leave(handler: string, { eventId, key, aggregateVersion }: EventMessage): void {
    this.unitOfWork.write({
      name: 'effect',
      text: 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)',
      values: [handler, eventId, key, aggregateVersion],
    });
  }
}

const trouble = { failures: 0, calls: 0, poison: '', code: '' };

@Controller()
class SendConfirmation extends Effects {
  @HandlesEvent(OrderPlaced, { id: 'email.confirm-order' })
  async confirm(event: EventMessage<OrderData>): Promise<void> {
    this.leave('email.confirm-order', event);
  }
}

@Controller()
class ReserveStock extends Effects {
  @HandlesEvent(OrderPlaced, { id: 'inventory.reserve-stock' })
  async reserve(event: EventMessage<OrderData>): Promise<void> {
    trouble.calls += 1;
    this.leave('inventory.reserve-stock', event);
    if (trouble.failures-- > 0) throw Object.assign(new Error('the stock room is locked'), { code: trouble.code });
  }
}

@Controller()
class OrderHistory extends Effects {
  @ProjectsEvent(OrderPlaced, { id: 'search.orders' })
  placed(event: EventMessage<OrderData>): void {
    if (event.key === trouble.poison && trouble.failures-- > 0) throw new Error('cannot be projected yet');
    this.leave('search.orders', event);
  }

  @ProjectsEvent(OrderCancelled, { id: 'search.orders' })
  cancelled(event: EventMessage<OrderData>): void {
    this.leave('search.orders', event);
  }
}

@Controller()
class RevenueReport extends Effects {
  static readonly batches: number[] = [];

  @ProjectsEvent(OrderPlaced, { id: 'analytics.revenue', batch: true })
  placed(events: readonly EventMessage<OrderData>[]): void {
    RevenueReport.batches.push(events.length);
    for (const event of events) this.leave('analytics.revenue', event);
  }
}

describe('the event consumer', () => {
  let context: RunningContext | undefined;
  let broker: InMemoryBroker;

  beforeEach(() => {
    broker = new InMemoryBroker();
    Object.assign(trouble, { failures: 0, calls: 0, poison: '', code: '' });
    RevenueReport.batches.length = 0;
  });
  afterEach(async () => {
    await context?.stop();
    context = undefined;
  });

  const start = async (...handlers: Type[]) => {
    context = await RunningContext.start({ broker, handlers });
    return context;
  };
  const lag = async () => (await broker.lag('checkout', ['checkout.orders'])).reduce((sum, each) => sum + each.lag, 0);
  /** All events are published, and the group has committed all of them. */
  const caughtUp = () =>
    eventually(async () => {
      const [{ written }] = (await context!.query<{ written: number }>('SELECT count(*)::int AS written FROM nestbox.outbox')) as [never];
      const ends = await broker.lag('checkout', ['checkout.orders']);
      expect(ends.reduce((sum, each) => sum + Number(each.end), 0)).toBeGreaterThanOrEqual(written);
      expect(await lag()).toBe(0);
    });

  it('hands each event to each of its handlers once', async () => {
    const shop = await start(SendConfirmation, ReserveStock, OrderHistory, RevenueReport);
    const orders = await shop.place(20);
    await caughtUp();

    for (const handler of ['email.confirm-order', 'inventory.reserve-stock', 'search.orders', 'analytics.revenue']) {
      const keys = (await shop.effects(handler)).map(({ key }) => key).sort();
      expect(keys).toEqual(orders.map(({ id }) => id).sort());
    }
  });

  it('retries the failed handler alone: the others of the event are done, and its own half effect is undone', async () => {
    trouble.failures = 3;
    const shop = await start(SendConfirmation, ReserveStock);
    await shop.place(1);
    await eventually(async () => expect(await shop.effects('email.confirm-order')).toHaveLength(1));
    await eventually(async () => expect(await shop.effects('inventory.reserve-stock')).toHaveLength(1));

    expect(trouble.calls).toBe(4);
    expect(await shop.effects('inventory.reserve-stock')).toHaveLength(1);
    expect(await shop.effects('email.confirm-order')).toHaveLength(1);
  });

  it('does not move the committed offset while a handler fails because the machine does', async () => {
    Object.assign(trouble, { failures: Number.POSITIVE_INFINITY, code: 'ECONNREFUSED' });
    const shop = await start(ReserveStock);
    await shop.place(1);
    await eventually(() => expect(trouble.calls).toBeGreaterThan(2));

    expect((await broker.lag('checkout', ['checkout.orders'])).map(({ committed }) => committed ?? '0')).toEqual(['0', '0', '0', '0']);
    expect(await lag()).toBe(1);
  });

  it('falls back from a failed batch to message by message: the good ones pass, the bad one is retried', async () => {
    const shop = await RunningContext.start({ broker, handlers: [], relay: { pollMs: 20 } });
    context = shop;
    const orders = await shop.place(30);
    await eventually(async () => expect((await broker.lag('checkout', ['checkout.orders'])).reduce((sum, each) => sum + Number(each.end), 0)).toBe(30));
    Object.assign(trouble, { failures: 2, poison: orders[7]!.id });
    const reader = await RunningContext.start({ broker, handlers: [OrderHistory], database: shop.database, relay: { enabled: false } });
    await caughtUp();

    expect(trouble.failures).toBe(-1);
    expect((await reader.effects('search.orders')).map(({ key }) => key).sort()).toEqual(orders.map(({ id }) => id).sort());
    await reader.app.close();
  });

  it('keeps the order of a key across the event types of one handler', async () => {
    const shop = await start(OrderHistory);
    const orders = await shop.place(10);
    for (const order of orders) {
      order.cancel();
      await shop.save(order);
    }
    await caughtUp();

    const effects = await shop.effects('search.orders');
    for (const { id } of orders) {
      expect(effects.filter(({ key }) => key === id).map(({ version }) => version)).toEqual([1, 2]);
    }
  });

  it('makes one effect of an event that is delivered three times at once', async () => {
    const shop = await start(SendConfirmation);
    const [order] = await shop.place(1);
    await caughtUp();
    const [copy] = await shop.query<{ value: string; headers: string }>('SELECT value, headers FROM nestbox.outbox');
    const record = { topic: 'checkout.orders', key: order!.id, value: copy!.value, headers: JSON.parse(copy!.headers) };
    const second = await RunningContext.start({ broker, handlers: [SendConfirmation], group: 'email-2', database: shop.database });
    await Promise.all([broker.publish([record]), broker.publish([record, record])]);
    await caughtUp();
    await eventually(async () => {
      const ends = await broker.lag('email-2', ['checkout.orders']);
      expect(ends.reduce((sum, each) => sum + each.lag, 0)).toBe(0);
      expect(ends.reduce((sum, each) => sum + Number(each.end), 0)).toBe(4);
    });

    expect(await shop.effects('email.confirm-order')).toHaveLength(1);
    await second.app.close();
  });

  it('understands an event without headers, and sets aside what nobody can read', async () => {
    const shop = await start(SendConfirmation);
    await shop.place(1);
    const [copy] = await shop.query<{ value: string }>('SELECT value FROM nestbox.outbox');
    const value = copy!.value
      .replace(/"eventId":"[^"]+"/, '"eventId":"0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f"')
      .replace(/"orderId":"[^"]+"/, '"orderId":"by-hand"');
    const post = (bytes: string, key = 'by-hand') => broker.publish([{ topic: 'checkout.orders', key, value: bytes, headers: {} }]);
    await post('not json at all');
    await post('{"eventId":7}');
    await post(value.replace(/"totalCents":\d+/, '"totalCents":"many"'), 'another');
    await post(value, 'a key of its own');
    await post(value);
    await caughtUp();

    expect((await shop.effects('email.confirm-order')).map(({ key }) => key)).toContain('by-hand');
    const aside = await shop.query<{ handler: string; key: string; error_message: string; record_value: Buffer }>(
      'SELECT handler, key, error_message, record_value FROM nestbox.dead_letters ORDER BY key, position',
    );
    expect(aside.map(({ handler, key, error_message }) => [handler, key, error_message])).toEqual([
      ['email.confirm-order', 'a key of its own', 'the key is not the one that checkout.OrderPlaced.v1 is about'],
      ['email.confirm-order', 'another', expect.stringContaining('totalCents')],
      ['checkout', 'by-hand', 'the value is no JSON'],
      ['checkout', 'by-hand', 'eventId is no UUID'],
    ]);
    expect(aside[2]!.record_value.toString()).toBe('not json at all');
  });

  it("gives the batch form a partition's new events at once", async () => {
    const shop = await RunningContext.start({ broker, handlers: [] });
    context = shop;
    await shop.place(40);
    await eventually(async () => expect((await broker.lag('late', ['checkout.orders'])).reduce((sum, each) => sum + Number(each.end), 0)).toBe(40));
    const late = await RunningContext.start({ broker, group: 'late', handlers: [RevenueReport], database: shop.database, relay: { enabled: false } });
    await eventually(async () => expect(await late.effects('analytics.revenue')).toHaveLength(40));

    expect(Math.max(...RevenueReport.batches)).toBeGreaterThan(3);
    await late.app.close();
  });

  it('joins the commands of a reaction to its claim: their events and the claim stand or fall together', async () => {
    let failures = 1;
    @Controller()
    class CancelEverything {
      constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}
      @HandlesEvent(OrderPlaced, { id: 'checkout.cancel-order' })
      async cancel(event: EventMessage<OrderData>): Promise<void> {
        await this.unitOfWork.run(async () => {
          const order = (await shop.app.get(OrderRepository).lock(event.key))!;
          order.cancel();
          await shop.save(order);
        });
        if (failures-- > 0) throw new Error('too late');
      }
    }
    const shop = await start(CancelEverything);
    const [order] = await shop.place(1);
    await eventually(async () => expect(await shop.query('SELECT 1 FROM nestbox.outbox')).toHaveLength(2));

    expect(failures).toBe(-1);
    const events = await shop.query<{ value: string }>('SELECT value FROM nestbox.outbox ORDER BY id');
    const envelopes = events.map(({ value }) => JSON.parse(value));
    expect(envelopes.map(({ eventType, aggregateVersion }) => [eventType, aggregateVersion])).toEqual([
      ['OrderPlaced', 1],
      ['OrderCancelled', 2],
    ]);
    expect(envelopes[1]).toMatchObject({
      causationId: envelopes[0].eventId,
      correlationId: envelopes[0].correlationId,
      traceId: envelopes[0].traceId,
      producer: 'checkout',
      data: { orderId: order!.id },
    });
  });
});

describe('what applies to event handlers as to any other', () => {
  const broker = () => new InMemoryBroker();
  const heard: string[] = [];
  beforeEach(() => void (heard.length = 0));

  @Injectable()
  class OnlyBigOrders implements CanActivate {
    canActivate(host: Parameters<CanActivate['canActivate']>[0]): boolean {
      heard.push('guard');
      if (host.switchToRpc().getData<EventMessage<OrderData>>().data.totalCents > 0) return true;
      throw new ForbiddenException();
    }
  }

  class Doubled implements PipeTransform {
    transform(event: EventMessage<OrderData>) {
      heard.push('pipe');
      return { ...event, data: { ...event.data, totalCents: event.data.totalCents * 2 } };
    }
  }

  it('guards, pipes and interceptors run on consumers, also those of the whole app', async () => {
    @Controller()
    class Guarded {
      @UseGuards(OnlyBigOrders)
      @UsePipes(Doubled)
      @HandlesEvent(OrderPlaced, { id: 'checkout.guarded' })
      async handle(event: EventMessage<OrderData>): Promise<void> {
        heard.push(`handled ${event.data.totalCents}`);
      }
    }
    const shop = await RunningContext.start({
      broker: broker(),
      handlers: [Guarded],
      configure: (app) => app.useGlobalInterceptors({ intercept: (_, next) => (heard.push('app interceptor'), next.handle()) }),
    });
    await shop.place(1);
    await eventually(() => expect(heard).toEqual(['guard', 'app interceptor', 'pipe', 'handled 2000']));
    await shop.stop();
  });

  it.each(['reaction', 'projection'])('an exception filter sees the error of a %s, and cannot acknowledge what was rolled back', async (kind) => {
    const handles = kind === 'reaction' ? HandlesEvent : ProjectsEvent;
    const seen: unknown[] = [];
    @Catch()
    class Swallowing implements RpcExceptionFilter {
      catch(error: unknown) {
        seen.push(error);
        return EMPTY;
      }
    }
    @Controller()
    @UseFilters(Swallowing)
    class Failing {
      @handles(OrderPlaced, { id: 'checkout.failing', retry: { attempts: 1_000, inPlace: 1_000 } })
      async handle(): Promise<void> {
        throw new RangeError('no');
      }
    }
    const log = broker();
    const shop = await RunningContext.start({ broker: log, handlers: [Failing] });
    await shop.place(1);
    await eventually(() => expect(seen.length).toBeGreaterThan(1));

    expect(seen[0]).toBeInstanceOf(RangeError);
    expect((await log.lag('checkout', ['checkout.orders'])).some(({ lag }) => lag === 1)).toBe(true);
    expect(await shop.query('SELECT 1 FROM nestbox.inbox')).toEqual([]);
    await shop.stop();
  });

  it('refuses to start on handlers that could not work, naming the fault and the cure', async () => {
    @Controller()
    class Twice {
      @HandlesEvent(OrderPlaced, { id: 'checkout.twice' })
      one(_event: EventMessage<OrderData>): void {}
      @HandlesEvent(OrderPlaced, { id: 'checkout.twice' })
      two(_event: EventMessage<OrderData>): void {}
    }
    @Controller()
    class BadlyNamed {
      @HandlesEvent(OrderPlaced, { id: 'WhenOrderPlaced' })
      handle(_event: EventMessage<OrderData>): void {}
    }
    const start = (handlers: Type[], topics = [{ name: 'checkout.orders', partitions: 4 }]) =>
      RunningContext.start({ broker: broker(), handlers, topics });

    await expect(start([Twice])).rejects.toThrow('"checkout.twice" stands twice for OrderPlaced: give each its own');
    await expect(start([BadlyNamed])).rejects.toThrow('must read <context>.<verb-thing>');
    await expect(start([SendConfirmation], [])).rejects.toThrow('reads topic checkout.orders, which "topics" does not list');
  });

  it('an order that is saved from an old copy is refused, and its events with it', async () => {
    const shop = await RunningContext.start({ broker: broker(), handlers: [] });
    const [order] = await shop.place(1);
    const stale = Object.assign(Object.create(Order.prototype), { ...order });
    order!.cancel();
    await shop.save(order!);
    stale.cancel();

    await expect(shop.save(stale)).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await shop.query('SELECT 1 FROM nestbox.outbox')).toHaveLength(2);
    await shop.stop();
  });
});
