import { eventually } from '@nestbox/kernel/testing';
import type { Expected, Membership } from './membership.js';
import { nameOf, WaitingRoom } from './waiting-room.js';

/** A fake database of event states that counts its queries. */
class Events {
  readonly applied = new Set<string>();
  readonly parked = new Set<string>();
  questions = 0;
  asked = 0;
  fails = 0;

  readonly look = async (expected: readonly Expected[]): Promise<Membership[]> => {
    this.questions++;
    this.asked += expected.length;
    await Promise.resolve();
    if (this.fails-- > 0) throw new Error('The database is restarting.');
    return expected.map(({ eventId }) => (this.applied.has(eventId) ? 'applied' : this.parked.has(eventId) ? 'parked' : 'missing'));
  };
}

describe('the waiting room', () => {
  const open = (reports: unknown[] = []) => {
    const events = new Events();
    const room = new WaitingRoom(events.look, (error) => reports.push(error));
    const ends: (string | undefined)[] = [];
    const wait = (...eventIds: string[]) => {
      const expected = eventIds.map((eventId) => ({ handler: 'search.orders', eventId }));
      const waiter = {
        missing: new Map(expected.map((one) => [nameOf(one), one])),
        end: (parked: Expected | undefined) => {
          room.leave(waiter);
          ends.push(parked ? `${parked.eventId} is parked` : 'applied');
        },
      };
      room.enter(waiter);
    };
    return { events, room, ends, wait };
  };

  it('asks a few times for thousands who wait, and once for those who wait for the same', async () => {
    const { events, room, ends, wait } = open();
    for (let n = 0; n < 5_000; n++) wait('order-1');
    await eventually(() => expect(events.questions).toBe(1));
    expect(events.asked).toBe(1);
    expect(room.size).toBe(1);
    events.applied.add('order-1');
    room.heard('search.orders', ['order-1']);
    await eventually(() => expect(ends).toHaveLength(5_000));
    expect(room.size).toBe(0);
    expect(events.questions).toBe(2);
  });

  it('asks nothing about events that nobody waits for', async () => {
    const { events, room } = open();
    room.heard('search.orders', ['order-1']);
    room.heardSomething();
    await Promise.resolve();
    expect(events.questions).toBe(0);
  });

  it('asks about who came while it was asking', async () => {
    const { events, ends, wait } = open();
    events.applied.add('order-2');
    wait('order-1');
    await Promise.resolve();
    expect(events.questions).toBe(1);
    wait('order-2');
    await eventually(() => expect(ends).toEqual(['applied']));
  });

  it('lets go only of who has everything', async () => {
    const { events, room, ends, wait } = open();
    wait('order-1', 'order-2');
    events.applied.add('order-1');
    room.heard('search.orders', ['order-1']);
    await eventually(() => expect(room.size).toBe(1));
    expect(ends).toEqual([]);
    events.applied.add('order-2');
    room.heard('search.orders', ['order-2']);
    await eventually(() => expect(ends).toEqual(['applied']));
  });

  it('says at once that an event is parked', async () => {
    const { events, room, ends, wait } = open();
    events.parked.add('order-1');
    wait('order-1', 'order-2');
    await eventually(() => expect(ends).toEqual(['order-1 is parked']));
    expect(room.size).toBe(0);
  });

  it('asks again, when told to, after a question that failed', async () => {
    const reports: unknown[] = [];
    const { events, room, ends, wait } = open(reports);
    events.fails = 1;
    events.applied.add('order-1');
    wait('order-1');
    await eventually(() => expect(reports).toHaveLength(1));
    room.heardSomething();
    await eventually(() => expect(ends).toEqual(['applied']));
  });
});
