import { eventually } from '@nestbox/kernel/testing';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import type { RetryOptions } from '../retry/policy.js';
import { RetryLater } from '../retry/classify.js';

const by = { actor: 'ada', reason: 'the handler has been mended' };
const soon = { attempts: 4, inPlace: 1, firstDelayMs: 1, longestDelayMs: 5 };

describe.each([
  ['a reaction', 'ReserveStock', 'inventory.reserve-stock'],
  ['a projection', 'OrderHistory', 'search.orders'],
] as const)('a key that %s could not handle at once', (_kind, name, handler) => {
  let shop: ShopUnderPoison;
  afterEach(() => shop.close());
  const open = async (retry: RetryOptions = soon) => {
    shop = new ShopUnderPoison();
    return shop.start([poisonedHandlers(shop.poison, retry)[name]]);
  };
  const versions = (key: string) => shop.versionsOf(handler, key);
  const flowsAgain = () => eventually(async () => expect(await shop.parkedKeys()).toEqual([]));
  /** Version 1 of order-1 fails so many times. */
  const failTimes = (times: number) => {
    let failures = 0;
    shop.poison.be(({ key, aggregateVersion }) => {
      if (key === 'order-1' && aggregateVersion === 1 && ++failures <= times) throw new TypeError('cannot be handled yet');
    });
  };

  it('is handed over again by itself, with what came behind it, in order and once', async () => {
    await open();
    failTimes(3);
    await shop.publish('order-1', 'order-2', 'order-1', 'order-2', 'order-1');
    await shop.caughtUp();
    await shop.publish('order-1', 'order-2');
    await shop.caughtUp();
    await flowsAgain();

    expect(await versions('order-1')).toEqual([1, 2, 3, 4]);
    expect(await versions('order-2')).toEqual([1, 2, 3]);
    await shop.publish('order-1');
    await shop.caughtUp();
    expect(await versions('order-1')).toEqual([1, 2, 3, 4, 5]);
  });

  it('does not hold its partition up until it is handled', async () => {
    await open({ attempts: 3, inPlace: 2, firstDelayMs: 3_600_000, longestDelayMs: 3_600_000 });
    shop.poison.in(['order-1']);
    await shop.publish('order-1', 'order-2', 'order-3');
    await shop.caughtUp();

    expect([await versions('order-2'), await versions('order-3')]).toEqual([[1], [1]]);
    expect(await shop.parked(handler)).toMatchObject([{ key: 'order-1', status: 'delayed', reason: 'failed' }]);
    expect((await shop.letters.get((await shop.parked(handler))[0]!.id)).attempts).toHaveLength(2);
  });

  it('waits for an operator once its attempts are used up, with all that is behind it', async () => {
    await open();
    failTimes(99);
    await shop.publish('order-1', 'order-1');
    await eventually(async () => {
      expect(await shop.parked(handler)).toMatchObject([{ status: 'parked', reason: 'failed' }, { status: 'parked', reason: 'behind' }]);
    });
    expect((await shop.letters.get((await shop.parked(handler))[0]!.id)).attempts).toHaveLength(4);

    shop.poison.mend();
    await shop.letters.redrive({ handler }, by);
    expect(await versions('order-1')).toEqual([1, 2]);
  });

  it('counts the failures of each event by themselves', async () => {
    await open();
    const failures = new Map<string, number>();
    shop.poison.be(({ eventId }) => {
      const before = failures.get(eventId) ?? 0;
      failures.set(eventId, before + 1);
      if (before < 3) throw new TypeError('cannot be handled yet');
    });
    await shop.publish('order-1', 'order-1', 'order-1');
    await shop.caughtUp();
    await flowsAgain();
    expect(await versions('order-1')).toEqual([1, 2, 3]);
  });

  it('comes back after the time that its handler asks for, however often', async () => {
    await open();
    shop.poison.be(({ aggregateVersion }) => {
      if (aggregateVersion === 1 && shop.poison.tries.length < 8) throw new RetryLater(5);
    });
    await shop.publish('order-1', 'order-1');
    await shop.caughtUp();
    await flowsAgain();
    expect(await versions('order-1')).toEqual([1, 2]);
  });

  it('goes on by itself after an operator has given its head up, and waits for one who has edited it', async () => {
    await open({ attempts: 9, inPlace: 1, firstDelayMs: 3_600_000, longestDelayMs: 3_600_000 });
    shop.poison.be(({ aggregateVersion }) => {
      if (aggregateVersion === 1) throw new TypeError('cannot be handled yet');
    });
    await shop.publish('order-1', 'order-1', 'order-2', 'order-2');
    await shop.caughtUp();
    const heads = (await shop.parked(handler)).filter(({ status }) => status === 'delayed');
    expect(heads.map(({ key }) => key).sort()).toEqual(['order-1', 'order-2']);
    const idOf = (of: string) => heads.find(({ key }) => key === of)!.id;
    const copy = await shop.letters.edit(idOf('order-2'), { data: { orderId: 'order-2', totalCents: 1 } }, by);
    await shop.letters.discard({ id: idOf('order-1') }, by);

    await eventually(async () => expect(await versions('order-1')).toEqual([2]));
    expect(await versions('order-2')).toEqual([]);
    shop.poison.mend();
    await shop.letters.redrive({ id: copy }, by);
    await flowsAgain();
    expect(await versions('order-2')).toEqual([1, 2]);
  });

  it('is handed over once when several processes look for it at once', async () => {
    await open();
    for (let more = 0; more < 2; more++) await shop.start([poisonedHandlers(shop.poison, soon)[name]]);
    const keys = Array.from({ length: 20 }, (_, n) => `order-${n}`);
    const seen = new Set<string>();
    shop.poison.be(({ eventId }) => {
      if (!seen.has(eventId)) {
        seen.add(eventId);
        throw new TypeError('cannot be handled yet');
      }
    });
    for (let round = 0; round < 3; round++) await shop.publish(...keys);
    await shop.caughtUp();
    await flowsAgain();
    for (const key of keys) expect([key, await versions(key)]).toEqual([key, [1, 2, 3]]);
  });
});
