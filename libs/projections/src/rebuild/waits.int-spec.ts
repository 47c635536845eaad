import type { AddressInfo } from 'node:net';
import { ProjectsEvent, Unprocessable } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import type { EventMessage } from '@nestbox/messaging';
import { InMemoryBroker, InMemoryLog } from '@nestbox/messaging/testing';
import { IdempotencyKeyInterceptor, OutboxInterceptor } from '@nestbox/outbox';
import { Controller, Get, Inject, Post, UseInterceptors } from '@nestjs/common';
import { OrderRepository, RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { Order, OrderPlaced } from '../../../../test/support/eventing/shop.fixture.js';
import type { OrderData } from '../../../../test/support/eventing/shop.fixture.js';
import { gate } from '../../../messaging/src/testing/contract/harness.js';
import { AnswersFrom } from '../reading/answers-from.js';
import { PositionsController } from '../reading/positions.controller.js';

/** The projection awaits this before it writes. */
let held: Promise<void> = Promise.resolve();
let poisoned = false;

@Controller()
class OrderList {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(OrderPlaced, { id: 'checkout.list-orders' })
  async placed({ eventId, key, aggregateVersion }: EventMessage<OrderData>): Promise<void> {
    await held;
    if (poisoned) throw new Unprocessable('This order cannot be listed.');
    const values = ['checkout.list-orders', eventId, key, aggregateVersion];
    this.unitOfWork.write({ name: 'list', text: 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)', values });
  }
}

@Controller('orders')
class OrdersDoor {
  constructor(
    @Inject(OrderRepository) private readonly orders: OrderRepository,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {}

  @Post()
  @UseInterceptors(IdempotencyKeyInterceptor)
  async place(): Promise<{ id: string }> {
    const order = Order.place(2500);
    await this.orders.save(order);
    return { id: order.id };
  }

  @Post('cancelled')
  @UseInterceptors(OutboxInterceptor)
  async placeAndCancel(): Promise<{ id: string }> {
    const order = Order.place(2500);
    await this.orders.save(order);
    order.cancel();
    await this.orders.save(order);
    return { id: order.id };
  }

  @Get()
  @AnswersFrom(OrderList)
  async list(): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ key: string }[]>('SELECT key FROM effects ORDER BY n');
    return rows.map(({ key }) => key);
  }
}

/** A process that reads the table, but consumes nothing. */
@Controller('orders')
class ReadingDoor extends OrdersDoor {
  @Get('elsewhere')
  @AnswersFrom(OrderList)
  override list(): Promise<string[]> {
    return super.list();
  }
}

describe('reading what one has just written', () => {
  const log = new InMemoryLog();
  let context: RunningContext;
  let reader: RunningContext;
  let url: string;
  let readerUrl: string;

  const listen = async ({ app }: RunningContext) => {
    await app.listen(0, '127.0.0.1');
    return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  };
  beforeAll(async () => {
    context = await RunningContext.start({ broker: new InMemoryBroker(log), handlers: [OrderList, OrdersDoor, PositionsController] });
    reader = await RunningContext.start({
      broker: new InMemoryBroker(log), handlers: [ReadingDoor], database: context.database, relay: { enabled: false },
    });
    [url, readerUrl] = [await listen(context), await listen(reader)];
  });
  afterAll(async () => {
    await reader?.stop();
    await context?.stop();
  });
  beforeEach(() => {
    held = Promise.resolve();
    poisoned = false;
  });

  const place = async (path = '/orders', headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, { method: 'POST', headers });
    const { id } = (await response.json()) as { id: string };
    return { id, position: response.headers.get('nestbox-position')! };
  };
  const list = async (position: string, prefer = 'wait=10', at = `${url}/orders`) => {
    const response = await fetch(at, { headers: { 'nestbox-after': position, prefer } });
    return { status: response.status, stale: response.headers.get('nestbox-stale'), body: (await response.json()) as string[] };
  };

  it('answers once the projection has applied that very event, and says that it is fresh', async () => {
    const { opened, open } = gate();
    held = opened;
    const { id, position } = await place();
    const answer = list(position);
    const early = await list(position, 'wait=0');
    expect(early).toMatchObject({ status: 200, stale: 'true' });
    expect(early.body).not.toContain(id);
    open();
    expect(await answer).toMatchObject({ status: 200, stale: 'false', body: expect.arrayContaining([id]) as unknown });
  });

  it('answers 202 instead of something old to who would rather have that', async () => {
    const { opened, open } = gate();
    held = opened;
    const { position } = await place();
    const { status, stale, body } = await list(position, 'respond-async, wait=0.1');
    expect({ status, stale }).toEqual({ status: 202, stale: 'true' });
    expect(body).toMatchObject({ state: 'late', missing: [{ projection: 'checkout.list-orders' }] });
    open();
  });

  it('is woken by a commit in another process', async () => {
    const { opened, open } = gate();
    held = opened;
    const { id, position } = await place();
    const answer = list(position, 'wait=10', `${readerUrl}/orders/elsewhere`);
    open();
    expect(await answer).toMatchObject({ stale: 'false', body: expect.arrayContaining([id]) as unknown });
  });

  it('says at once that a projection has parked the event', async () => {
    poisoned = true;
    const { position } = await place();
    const { stale, body } = await list(position, 'respond-async, wait=30');
    expect(stale).toBe('true');
    expect(body).toMatchObject({ state: 'parked' });
  });

  it('does not wait for events that the projection does not read', async () => {
    const { position } = await place('/orders/cancelled');
    expect(position).toMatch(/^OrderPlaced:[0-9a-f-]{36}, OrderCancelled:[0-9a-f-]{36}$/);
    expect(await list(position)).toMatchObject({ status: 200, stale: 'false' });
  });

  it('gives the same position for the same Idempotency-Key again', async () => {
    const headers = { 'idempotency-key': 'order-of-ada' };
    expect(await place('/orders', headers)).toEqual(await place('/orders', headers));
  });

  it('refuses what is no position', async () => {
    expect((await list('yesterday')).status).toBe(400);
  });

  it('tells a listener in one server-sent event, and ends', async () => {
    const { position } = await place();
    const events = await fetch(`${url}/positions/events?after=${encodeURIComponent(position)}&projection=checkout.list-orders`);
    expect(await events.text()).toMatch(/event: applied\n.*data: \{"state":"applied","missing":\[\]\}/s);
  });

  it('answers a service that asks, and knows none but its own projections', async () => {
    const { position } = await place();
    const ask = (query: string) => fetch(`${url}/positions?after=${encodeURIComponent(position)}${query}`);
    expect(await (await ask('')).json()).toEqual({ state: 'applied', missing: [] });
    expect((await ask('&projection=email.confirm-order')).status).toBe(404);
  });
});
