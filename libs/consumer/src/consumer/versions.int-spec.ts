import { UnitOfWork } from '@nestbox/database';
import { defineEvent, upcastFrom, uuid7 } from '@nestbox/kernel';
import type { EventContract } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import type { EventMessage } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { Projections } from '@nestbox/projections';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { HandlesEvent, ProjectsEvent } from '../handler/handles-event.js';
import { DeadLetters } from '../parking/dead-letters.js';

const topics = [{ name: 'checkout.orders', partitions: 1 }];
const whole = { topic: 'checkout.orders', type: 'OrderPlaced', description: 'An order was placed.' } as const;
const PlacedV1 = defineEvent({
  ...whole,
  version: 1,
  schema: z.object({ orderId: z.string(), total: z.number() }),
  key: ({ orderId }) => orderId,
  examples: [{ orderId: 'order-1', total: 12.5 }],
});
const PlacedV2 = defineEvent({
  ...whole,
  version: 2,
  schema: z.object({ orderId: z.string(), totalCents: z.int(), currency: z.string().optional() }),
  key: ({ orderId }) => orderId,
  examples: [{ orderId: 'order-1', totalCents: 1250 }],
  previous: upcastFrom(PlacedV1, ({ orderId, total }) => ({ orderId, totalCents: Math.round(total * 100) })),
});
type Placed = { orderId: string; totalCents: number; currency?: string };

let broken = false;

@Controller()
class Bookkeeping {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @HandlesEvent(PlacedV2, { id: 'books.note-total', retry: { attempts: 1 } })
  note({ eventId, key, data }: EventMessage<Placed>) {
    if (broken) throw new Error('The books are closed.');
    return this.write('books.note-total', eventId, key, data.totalCents);
  }

  @ProjectsEvent(PlacedV2, { id: 'books.count-orders', reads: z.object({ orderId: z.string() }) })
  count({ eventId, key, data }: EventMessage<{ orderId: string }>) {
    return this.write('books.count-orders', eventId, key, Object.keys(data).length);
  }

  @ProjectsEvent(PlacedV2, { id: 'books.keep-totals', tables: ['totals'] })
  async keep({ key, data }: EventMessage<Placed>) {
    await this.unitOfWork.query('INSERT INTO totals (key, cents) VALUES ($1, $2)', [key, data.totalCents]);
  }

  private async write(handler: string, eventId: string, key: string, version: number): Promise<void> {
    const text = 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)';
    await this.unitOfWork.query(text, [handler, eventId, key, version]);
  }
}

function record({ version, name }: Pick<EventContract, 'version' | 'name'>, data: Record<string, unknown> & { orderId: string }) {
  const envelope = { eventId: uuid7(), eventType: 'OrderPlaced', eventVersion: version, aggregateVersion: 1, data };
  return { topic: 'checkout.orders', key: data.orderId, value: JSON.stringify(envelope), headers: { ce_type: name } };
}

describe('events of several versions', () => {
  let context: RunningContext;
  const broker = new InMemoryBroker();
  const totals = async (handler = 'books.note-total') =>
    Object.fromEntries((await context.effects(handler)).map(({ key, version }) => [key, version]));

  beforeAll(async () => {
    context = await RunningContext.start({ broker, context: 'books', topics, handlers: [Bookkeeping] });
    await context.query('CREATE TABLE totals (key text PRIMARY KEY, cents int NOT NULL)');
  });
  afterAll(() => context.stop());
  beforeEach(() => {
    broken = false;
  });

  it('reach the handler as the version that it knows', async () => {
    await broker.publish([
      record(PlacedV1, { orderId: 'old', total: 12.5 }),
      record(PlacedV2, { orderId: 'new', totalCents: 300 }),
      record({ ...PlacedV2, version: 3 }, { orderId: 'newer', totalCents: 400, gift: true }),
    ]);
    await eventually(async () => expect(await totals()).toEqual({ old: 1250, new: 300, newer: 400 }));
  });

  it('are brought up to date when the log is read again', async () => {
    const kept = () => context.query('SELECT key, cents FROM totals ORDER BY key');
    const before = await eventually(async () => {
      const rows = await kept();
      expect(rows).toEqual([{ key: 'new', cents: 300 }, { key: 'newer', cents: 400 }, { key: 'old', cents: 1250 }]);
      return rows;
    });
    await context.query('UPDATE totals SET cents = 0');
    const { id } = await context.app.get(Projections).rebuild('books.keep-totals', { actor: 'ada', reason: 'zeros' });
    await eventually(async () => expect((await context.app.get(Projections).state(id))?.status).toBe('live'), { timeoutMs: 20_000 });
    expect(await kept()).toEqual(before);
  });

  it('are brought up to date when they come out of the dead letters, too', async () => {
    broken = true;
    await broker.publish([record(PlacedV1, { orderId: 'parked', total: 7 })]);
    const letters = context.app.get(DeadLetters);
    const [letter] = await eventually(async () => {
      const { letters: found } = await letters.list({ key: 'parked' });
      expect(found).toHaveLength(1);
      return found;
    });
    broken = false;
    await letters.redrive({ id: letter!.id }, { actor: 'ada', reason: 'the books are open again' });
    expect(await totals()).toMatchObject({ parked: 700 });
  });

  it('do not stop a handler by what it does not read', async () => {
    await broker.publish([record(PlacedV2, { orderId: 'odd', totalCents: 'a lot' })]);
    await eventually(async () => expect(await totals('books.count-orders')).toMatchObject({ odd: 1, old: 1 }));
    expect(await totals()).not.toHaveProperty('odd');
  });
});
