import { DatabaseError } from '@nestbox/database';
import { eventually } from '@nestbox/kernel/testing';
import { InMemoryBroker, InMemoryLog } from '@nestbox/messaging/testing';
import { Controller } from '@nestjs/common';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { OrderPlaced } from '../../../../test/support/eventing/shop.fixture.js';
import { HandlesEvent } from '../handler/handles-event.js';
import { Pauses } from './pauses.js';
import type { Pausable } from './pauses.js';

const by = { actor: 'ada', reason: 'the mail server is being moved' };
const pausesOf = ({ app }: RunningContext) => app.get(Pauses);
const heard = ({ app }: RunningContext, what: Pausable, paused: boolean) =>
  eventually(() => expect(app.get(Pauses).isPaused(what)).toBe(paused));

describe('A paused outbox', () => {
  const outbox = { kind: 'outbox' } as const;
  const log = new InMemoryLog();
  const published = () => (log.topic('checkout.orders') ?? []).reduce((sum, { records }) => sum + records.length, 0);
  let writer: RunningContext;
  let publisher: RunningContext;
  const publish = () =>
    RunningContext.start({
      broker: new InMemoryBroker(log),
      database: writer.database,
      relay: { pollMs: 20, leaseMs: 300 },
    });

  beforeAll(async () => {
    writer = await RunningContext.start({ broker: new InMemoryBroker(log), relay: { enabled: false } });
    publisher = await publish();
  });
  afterAll(async () => {
    await publisher?.stop();
    await writer?.stop();
  });

  /** The relay is alive and has checked the pause since: it has renewed its lease. */
  async function relayHasLooked(): Promise<void> {
    const until = async () => {
      const rows = await writer.query<{ until: number }>(
        'SELECT extract(epoch FROM expires_at)::float8 AS until FROM nestbox.relay',
      );
      return rows[0]!.until;
    };
    for (let renewals = 0; renewals < 2; renewals++) {
      const before = await until();
      await eventually(async () => expect(await until()).toBeGreaterThan(before));
    }
  }

  it('publishes nothing, whichever process said so and through restarts, and everything afterwards', async () => {
    await writer.place(2);
    await eventually(() => expect(published()).toBe(2));
    expect(await pausesOf(writer).pause(outbox, by)).toBe(true);
    await heard(publisher, outbox, true);

    await writer.place(3);
    await relayHasLooked();
    expect(published()).toBe(2);
    await publisher.stop();
    publisher = await publish();
    await relayHasLooked();
    expect(published()).toBe(2);

    expect(await pausesOf(writer).resume(outbox, by)).toBe(true);
    await eventually(() => expect(published()).toBe(5));
  });

  it('is paused once, and leaves in the audit who did what and why', async () => {
    await pausesOf(writer).pause(outbox, by);
    expect(await pausesOf(writer).pause(outbox, { ...by, actor: 'bob' })).toBe(false);
    expect(await pausesOf(writer).list()).toMatchObject([{ kind: 'outbox', name: '', ...by }]);
    await pausesOf(writer).resume(outbox, by);
    expect(await pausesOf(writer).resume(outbox, by)).toBe(false);
    const acts = await writer.query<{ action: string }>(
      'SELECT action, actor, reason FROM nestbox.audit ORDER BY id DESC LIMIT 2',
    );
    expect(acts).toEqual([
      { action: 'resume', ...by },
      { action: 'pause', ...by },
    ]);
  });

  it('is not paused by nobody, or for no reason', async () => {
    await expect(pausesOf(writer).pause(outbox, { actor: 'ada', reason: ' ' })).rejects.toMatchObject({
      code: 'DEAD_LETTER_REASON_MISSING',
    });
  });
});

describe('A paused consumer', () => {
  const handler = 'search.orders';
  let shop: ShopUnderPoison;
  let seen: string[];

  beforeEach(async () => {
    shop = new ShopUnderPoison();
    seen = [];
    @Controller()
    class Witness {
      @HandlesEvent(OrderPlaced, { id: 'witness.see-orders', group: 'witness' })
      async see({ key }: { key: string }): Promise<void> {
        seen.push(key);
      }
    }
    const { OrderHistory, ReserveStock } = poisonedHandlers(shop.poison);
    await shop.start([OrderHistory, ReserveStock, Witness]);
    await shop.publish('order-0');
    await shop.caughtUp();
  });
  afterEach(() => shop.close());

  const witnessHasSeen = (key: string) => eventually(() => expect(seen).toContain(key));

  it.each<[string, Pausable]>([
    ['group', { kind: 'group', name: 'checkout' }],
    ['handler', { kind: 'handler', name: handler }],
  ])(
    'handles nothing while its %s is paused, other groups go on, and all of it in order afterwards',
    async (_what, what) => {
      await pausesOf(shop.context).pause(what, by);
      await shop.publish('order-1', 'order-1', 'order-2');
      await witnessHasSeen('order-2');
      await shop.publish('order-3');
      await witnessHasSeen('order-3');
      expect(await shop.versionsOf(handler, 'order-1')).toEqual([]);

      await pausesOf(shop.context).resume(what, by);
      await shop.caughtUp();
      for (const id of [handler, 'inventory.reserve-stock']) {
        expect(await shop.versionsOf(id, 'order-1')).toEqual([1, 2]);
        expect(await shop.versionsOf(id, 'order-3')).toEqual([1]);
      }
    },
  );

  it('stays paused for whoever comes after a restart', async () => {
    const what = { kind: 'group', name: 'checkout' } as const;
    await pausesOf(shop.context).pause(what, by);
    const { OrderHistory } = poisonedHandlers(shop.poison);
    const newcomer = await shop.start([OrderHistory]);
    await shop.publish('order-1');
    await witnessHasSeen('order-1');
    await heard(newcomer, what, true);
    expect(await shop.versionsOf(handler, 'order-1')).toEqual([]);
    await pausesOf(newcomer).resume(what, by);
    await shop.caughtUp();
    expect(await shop.versionsOf(handler, 'order-1')).toEqual([1]);
  });

  it('stops trying in place what waits for the machine', async () => {
    const what = { kind: 'handler', name: handler } as const;
    shop.poison.be((_event, id) => {
      if (id === handler) throw new DatabaseError('VERSION_CONFLICT', 'somebody else was first');
    });
    await shop.publish('order-1');
    await eventually(() => expect(shop.poison.tries.length).toBeGreaterThan(3));
    await pausesOf(shop.context).pause(what, by);
    await eventually(() => expect(shop.context.app.get(Pauses).isPaused(what)).toBe(true));
    shop.poison.mend();
    await pausesOf(shop.context).resume(what, by);
    await shop.caughtUp();
    expect(await shop.versionsOf(handler, 'order-1')).toEqual([1]);
  });

  it.each<Pausable>([
    { kind: 'group', name: 'checkuot' },
    { kind: 'handler', name: 'search.odrers' },
  ])('must exist: %j is refused, naming what there is', async (what) => {
    await expect(pausesOf(shop.context).pause(what, by)).rejects.toMatchObject({
      code: 'CONSUMER_UNKNOWN',
      message: expect.stringMatching(/only .*(checkout|search\.orders)/),
    });
  });
});
