import { HandlesEvent, ProjectsEvent } from '@nestbox/consumer';
import { defineEvent, upcastFrom } from '@nestbox/kernel';
import type { EventMessage } from '@nestbox/messaging';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Order, OrderPlaced } from '../../../../test/support/eventing/shop.fixture.js';
import { builder, expectationsOf, unmetBy } from './expectations.js';
import { simulate } from './simulate.js';

const Total = z.object({ totalCents: z.int() });
type Total = z.output<typeof Total>;

class Ledger {
  note(_orderId: string, _totalCents: number): void {}
}

@Controller()
class WhenOrderPlaced {
  constructor(@Inject(Ledger) private readonly ledger: Ledger) {}

  @HandlesEvent(OrderPlaced, { id: 'books.note-total', reads: Total, examples: [{ totalCents: 1250 }, { totalCents: 0 }] })
  note({ key, data }: EventMessage<Total>): void {
    this.ledger.note(key, data.totalCents);
  }
}

const place = builder(OrderPlaced, ({ orderId, totalCents }) => Order.place(totalCents, orderId));

describe('what consumers expect of producers', () => {
  it('is met by a producer that comes to every example, its own or the contract’s', () => {
    @Controller()
    class Whole {
      @ProjectsEvent(OrderPlaced, { id: 'books.count-orders' })
      count(): void {}
    }
    const expectations = expectationsOf(WhenOrderPlaced, Whole);
    expect(expectations.map(({ handler, examples }) => [handler, examples.length])).toEqual([
      ['books.note-total', 2],
      ['books.count-orders', 1],
    ]);
    expect(unmetBy([place], expectations)).toEqual([]);
  });

  it('names handler, example and field where a producer comes to something else', () => {
    const rounded = builder(OrderPlaced, ({ totalCents }) => Order.place(Math.floor(totalCents / 100)));
    expect(unmetBy([rounded], expectationsOf(WhenOrderPlaced))).toEqual([
      'books.note-total, example 1 of checkout.OrderPlaced.v1: "totalCents" is 12, not 1250.',
    ]);
  });

  it('is not met by a producer that says nothing, throws, or is not there', () => {
    const silent = builder(OrderPlaced, () => []);
    const broken = builder(OrderPlaced, () => {
      throw new Error('Orders are not taken any more.');
    });
    const [first] = expectationsOf(WhenOrderPlaced);
    const faults = [[silent], [broken], []].map((builders) => unmetBy(builders, [first!])[0]);
    expect(faults).toEqual([
      'books.note-total, example 1 of checkout.OrderPlaced.v1: the producer says nothing of the kind.',
      'books.note-total, example 1 of checkout.OrderPlaced.v1: Orders are not taken any more.',
      'books.note-total expects checkout.OrderPlaced.v1, and no builder makes it.',
    ]);
  });
});

describe('a rehearsal', () => {
  it('hands the contract’s examples to the handler, as it reads them, and shows what it asks for', async () => {
    const [rehearsed, ...others] = await simulate([WhenOrderPlaced]);
    expect(others).toEqual([]);
    expect(rehearsed).toMatchObject({ handler: 'books.note-total', contract: 'checkout.OrderPlaced.v1' });
    expect(rehearsed!.calls).toEqual([{ call: 'Ledger.note', args: ['order-1', 2500] }]);
  });

  it('hands over earlier versions in the shape of the latest, and what was released besides', async () => {
    const shape = { topic: 'checkout.orders', type: 'OrderPlaced', description: 'An order was placed.' } as const;
    const old = defineEvent({
      ...shape, version: 1, schema: z.object({ id: z.string(), total: z.number() }), key: ({ id }) => id, examples: [{ id: 'order-1', total: 25 }],
    });
    const present = defineEvent({
      ...shape, version: 2, schema: z.object({ id: z.string(), totalCents: z.int() }), key: ({ id }) => id,
      examples: [{ id: 'order-2', totalCents: 100 }],
      previous: upcastFrom(old, ({ id, total }) => ({ id, totalCents: total * 100 })),
    });
    const seen: unknown[] = [];
    @Controller()
    class Books {
      @ProjectsEvent(present, { id: 'books.count-orders', batch: true })
      count(events: readonly EventMessage<{ totalCents: number }>[]): void {
        seen.push(...events.map(({ data }) => data.totalCents));
      }
    }
    await simulate([Books], { also: new Map([[old.name, [{ id: 'order-3', total: 7 }]]]) });
    expect(seen).toEqual([100, 2500, 700]);
  });

  it('says which handler could not take which example', async () => {
    @Controller()
    class Picky {
      @HandlesEvent(OrderPlaced, { id: 'books.note-total', reads: z.object({ currency: z.string() }) })
      note(): void {}
    }
    await expect(simulate([Picky])).rejects.toThrow(/^books\.note-total cannot take example 1 of checkout\.OrderPlaced\.v1: .*currency/);
  });
});
