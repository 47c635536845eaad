import { DomainError } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { record, ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { RetryLater, Unprocessable } from '../retry/classify.js';

const by = { actor: 'ada', reason: 'the handler has been mended' };

class OrderAlreadyShipped extends DomainError {
  readonly code = 'ORDER_ALREADY_SHIPPED';
}

describe('parking', () => {
  let shop: ShopUnderPoison;
  const open = async (name: keyof ReturnType<typeof poisonedHandlers>) => {
    shop = new ShopUnderPoison();
    await shop.start([poisonedHandlers(shop.poison)[name]]);
    return shop;
  };
  afterEach(() => shop.close());

  describe.each([
    ['a reaction', 'ReserveStock', 'inventory.reserve-stock'],
    ['a projection', 'OrderHistory', 'search.orders'],
    ['a batch projection', 'RevenueReport', 'analytics.revenue'],
  ] as const)('of %s', (_kind, name, handler) => {
    it('parks the failed event and all later ones of its key, in order; other keys flow', async () => {
      await open(name);
      shop.poison.in(['order-7'], 2);
      await shop.publish('order-7', 'order-1', 'order-7', 'order-1', 'order-7', 'order-2');
      await shop.caughtUp();
      await shop.publish('order-7', 'order-1');
      await shop.caughtUp();

      expect(await shop.versionsOf(handler, 'order-1')).toEqual([1, 2, 3]);
      expect(await shop.versionsOf(handler, 'order-2')).toEqual([1]);
      expect(await shop.versionsOf(handler, 'order-7')).toEqual([1]);
      expect(await shop.parkedKeys()).toEqual(['order-7']);
      expect(await shop.parked(handler)).toMatchObject([
        { key: 'order-7', aggregate_version: 2, reason: 'failed', status: 'parked' },
        { key: 'order-7', aggregate_version: 3, reason: 'behind', status: 'parked' },
        { key: 'order-7', aggregate_version: 4, reason: 'behind', status: 'parked' },
      ]);
    });

    it('of one poison key among 1,000 events: it alone waits; mended and redriven, every key has had its versions in order, once', async () => {
      await open(name);
      const keys = Array.from({ length: 100 }, (_, n) => `order-${n}`);
      shop.poison.in(['order-42'], 3);
      for (let round = 0; round < 10; round++) await shop.publish(...keys);
      await shop.caughtUp();

      expect(await shop.parkedKeys()).toEqual(['order-42']);
      expect(await shop.parked(handler)).toHaveLength(8);
      expect(await shop.context.effects(handler)).toHaveLength(992);

      shop.poison.mend();
      const report = await shop.letters.redrive({ handler }, by);
      expect(report).toMatchObject({ redriven: 8, failed: [] });
      expect(await shop.parkedKeys()).toEqual([]);
      await shop.publish('order-42');
      await shop.caughtUp();

      const effects = await shop.context.effects(handler);
      for (const key of keys) {
        const length = key === 'order-42' ? 11 : 10;
        expect([key, effects.filter((effect) => effect.key === key).map(({ version }) => version)])
          .toEqual([key, Array.from({ length }, (_, n) => n + 1)]);
      }
      expect(new Set(effects.map(({ event_id }) => event_id)).size).toBe(1_001);
    });
  });

  it('keeps what an operator needs: the bytes, where they stood, and each attempt', async () => {
    await open('ReserveStock');
    shop.poison.be(() => {
      throw Object.assign(new RangeError('no room for ada@example.com\r\nforged: line'), { code: 'FULL' });
    });
    await shop.publish('order-1');
    await shop.caughtUp();

    const id = (await shop.letters.list()).letters[0]!.id;
    const letter = await shop.letters.get(id);
    expect(letter).toMatchObject({
      handler: 'inventory.reserve-stock', key: 'order-1', eventType: 'OrderPlaced', aggregateVersion: 1,
      topic: 'checkout.orders', offset: '0', errorClass: 'RangeError', errorCode: 'FULL',
      errorMessage: 'no room for <address>  forged: line', correlationId: 'story-of-order-1',
      cause: expect.stringMatching(/^RangeError at .*parking\.int-spec\.ts:\d+\)?$/),
    });
    expect(letter.attempts).toHaveLength(3);
    expect(letter.attempts[0]).toMatchObject({ errorClass: 'RangeError', code: 'FULL', traceId: '0af7651916cd43dd8448eb211c80319c' });
    expect(JSON.parse(letter.recordValue!.toString())).toMatchObject({ eventId: letter.eventId, data: { orderId: 'order-1' } });
  });

  it.each([
    ['a refusal of the business', () => new OrderAlreadyShipped('shipped')],
    ['a refusal of the handler', () => new Unprocessable('no such warehouse')],
    ['a text that PostgreSQL cannot store', () => Object.assign(new Error('NUL'), { code: '22021' })],
  ])('parks on %s without another try', async (_what, error) => {
    await open('ReserveStock');
    shop.poison.be(() => {
      throw error();
    });
    await shop.publish('order-1');
    await shop.caughtUp();

    expect(shop.poison.tries).toHaveLength(1);
    expect(await shop.parkedKeys()).toEqual(['order-1']);
  });

  it('waits for the machine as long as it takes, and parks nothing for it', async () => {
    await open('ReserveStock');
    shop.poison.be(() => {
      if (shop.poison.tries.length < 8) throw Object.assign(new Error('starting up'), { code: '57P03' });
    });
    await shop.publish('order-1');
    await shop.caughtUp();

    expect(await shop.versionsOf('inventory.reserve-stock', 'order-1')).toEqual([1]);
    expect(await shop.parked('inventory.reserve-stock')).toEqual([]);
  });

  it('of an order-free handler parks the event alone: later ones of its key are handled', async () => {
    await open('SendConfirmation');
    shop.poison.in(['order-1'], 1);
    await shop.publish('order-1', 'order-1', 'order-2');
    await shop.caughtUp();

    expect(await shop.versionsOf('email.confirm-order', 'order-1')).toEqual([2]);
    expect(await shop.parkedKeys()).toEqual([]);
    expect(await shop.parked('email.confirm-order')).toMatchObject([{ key: 'order-1', aggregate_version: 1, reason: 'failed' }]);

    shop.poison.mend();
    await shop.letters.redrive({ handler: 'email.confirm-order' }, by);
    expect(await shop.versionsOf('email.confirm-order', 'order-1')).toEqual([2, 1]);
  });

  it('of an order-free handler that asks for time holds nobody up, and comes back by itself', async () => {
    await open('SendConfirmation');
    shop.poison.be(({ aggregateVersion }) => {
      if (aggregateVersion === 1 && shop.poison.tries.length < 4) throw new RetryLater(100);
    });
    await shop.publish('order-1', 'order-1');
    await shop.caughtUp();
    expect(await shop.versionsOf('email.confirm-order', 'order-1')).toEqual([2]);

    await eventually(async () => expect(await shop.versionsOf('email.confirm-order', 'order-1')).toEqual([2, 1]));
    expect(await shop.parked('email.confirm-order')).toMatchObject([{ status: 'redriven' }]);
  });

  it('of a record that breaks its contract keeps the order of its key: what comes later waits for it', async () => {
    await open('ReserveStock');
    const broken = record('order-1', 1, { data: { orderId: 'order-1', totalCents: 'many' } });
    await shop.publishRaw('order-1', broken.value, broken.headers);
    await shop.publish('order-1', 'order-2');
    await shop.caughtUp();

    expect(await shop.parked('inventory.reserve-stock')).toMatchObject([
      { key: 'order-1', reason: 'undecodable' },
      { key: 'order-1', reason: 'behind' },
    ]);
    expect(await shop.versionsOf('inventory.reserve-stock', 'order-2')).toEqual([1]);
  });

  it('of records that nobody can read keeps their bytes, whatever they are, and goes on', async () => {
    await open('ReserveStock');
    const whole = record('order-1', 1).value;
    const truncated = Array.from({ length: 40 }, (_, n) => whole.slice(0, Math.floor((n * whole.length) / 40)));
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const bad = ['', '\u0000', '\ufffd\ud800', '[]', 'null', '1e400', '{"__proto__":{}}', deep, ...truncated];
    for (const [n, value] of bad.entries()) {
      await shop.publishRaw(`garbage-${n}`, value, n % 2 ? { ce_type: 'checkout.OrderPlaced.v1', 'x\r\ny': '\u001b[31m\u0000' } : {});
    }
    for (const change of [{ eventType: 'a\u0000b' }, { aggregateVersion: 1e300, eventVersion: 1e300, correlationId: '\u0000' }]) {
      const odd = record('odd', 1, { ...change, data: { orderId: 'odd' } });
      await shop.publishRaw('odd', odd.value, odd.headers);
    }
    await shop.publish('order-1');
    await shop.caughtUp();

    expect(await shop.versionsOf('inventory.reserve-stock', 'order-1')).toEqual([1]);
    const kept = await shop.context.query<{ record_value: Buffer }>('SELECT record_value FROM nestbox.dead_letters');
    const values = kept.map(({ record_value }) => record_value.toString());
    expect(values).toEqual(expect.arrayContaining(bad.map((value) => Buffer.from(value).toString())));
  });

  it('counts an event that a crash delivers again while its key is parked once', async () => {
    await open('ReserveStock');
    shop.poison.in(['order-1'], 1);
    const events = [record('order-1', 1), record('order-1', 2)];
    for (let time = 0; time < 3; time++) {
      for (const { key, value, headers } of events) await shop.publishRaw(key, value, headers);
      await shop.caughtUp();
    }
    expect(await shop.parked('inventory.reserve-stock')).toHaveLength(2);

    shop.poison.mend();
    await shop.letters.redrive({}, by);
    for (const { key, value, headers } of events) await shop.publishRaw(key, value, headers);
    await shop.caughtUp();
    expect(await shop.versionsOf('inventory.reserve-stock', 'order-1')).toEqual([1, 2]);
  });

  it.each([
    ['a reaction', 'ReserveStock', 'inventory.reserve-stock'],
    ['a projection', 'OrderHistory', 'search.orders'],
    ['a batch projection', 'RevenueReport', 'analytics.revenue'],
  ] as const)('of %s finds out within the claim that another process has parked a key meanwhile', async (_kind, name, handler) => {
    await open(name);
    await shop.publish('order-1');
    await shop.caughtUp();
    // As a second process would write it. The cache of this process has no parked key.
    await shop.context.query(`INSERT INTO nestbox.parked_keys SELECT id, 'order-1' FROM nestbox.handlers`);
    await shop.publish('order-1', 'order-2', 'order-3');
    await shop.caughtUp();

    expect(await shop.versionsOf(handler, 'order-1')).toEqual([1]);
    expect(await shop.parked(handler)).toMatchObject([{ key: 'order-1', aggregate_version: 2, reason: 'behind' }]);
    expect(await shop.versionsOf(handler, 'order-2')).toEqual([1]);
  });

  it('does not let a key go while an event is on its way into its queue', async () => {
    let parkings = 0;
    let open!: () => void;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const crashPoints = { beforeParked: async () => (++parkings === 2 ? opened : undefined) };
    shop = new ShopUnderPoison();
    await shop.start([poisonedHandlers(shop.poison).ReserveStock], { crashPoints });
    shop.poison.in(['order-1']);
    await shop.publish('order-1');
    await shop.caughtUp();
    shop.poison.mend();
    await shop.publish('order-1');
    await eventually(() => expect(parkings).toBe(2));

    const [head] = await shop.parked('inventory.reserve-stock');
    const redriving = shop.letters.redrive({ id: head!.id }, by);
    await eventually(async () => {
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      expect(await shop.context.query(waiting)).toHaveLength(1);
    }).finally(open);
    await redriving;
    await shop.caughtUp();

    expect(await shop.parkedKeys()).toEqual(['order-1']);
    expect(await shop.parked('inventory.reserve-stock')).toMatchObject([{ status: 'redriven' }, { status: 'parked', aggregate_version: 2 }]);
  });
});
