import { eventually } from '@nestbox/kernel/testing';
import type { CrashPoints } from '@nestbox/messaging';
import { Client } from 'pg';
import { poisonedHandlers, quick } from '../../../../test/support/eventing/poison.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';

const handler = 'inventory.reserve-stock';
const by = { actor: 'ada', reason: 'the handler has been mended' };

/**
 * A process that is killed at a crash point: it does nothing more, its database sessions end without a commit, and other members
 * get its partitions.
 */
class Doom {
  fired = 0;
  private reached!: () => void;
  readonly moment = new Promise<void>((resolve) => (this.reached = resolve));
  private letGo!: (error: Error) => void;
  private readonly forever = new Promise<never>((_, reject) => (this.letGo = reject));

  constructor(
    private readonly at: keyof CrashPoints,
    private nth = 1,
  ) {
    this.forever.catch(() => undefined);
  }

  get crashPoints(): Partial<CrashPoints> {
    return {
      [this.at]: async () => {
        if (this.fired > 0) return this.forever;
        this.nth -= 1;
        if (this.nth > 0) return;
        this.fired += 1;
        this.reached();
        return this.forever;
      },
    };
  }

  async kill(shop: ShopUnderPoison): Promise<void> {
    await this.moment;
    const surgeon = new Client({ connectionString: shop.context.database.url });
    await surgeon.connect();
    await surgeon.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await surgeon.end();
    shop.log.expel('checkout');
  }

  /** Not part of the crash: it only lets the test process end. */
  bury(): void {
    this.letGo(new Error('killed'));
  }
}

describe('a process that is killed', () => {
  const shops: { shop: ShopUnderPoison; doom: Doom }[] = [];
  afterEach(async () => {
    for (const { shop, doom } of shops.splice(0)) {
      doom.bury();
      await shop.close();
    }
  });

  const doomed = async (at: keyof CrashPoints, nth = 1, retry = quick) => {
    const [shop, doom] = [new ShopUnderPoison(), new Doom(at, nth)];
    shops.push({ shop, doom });
    const { ReserveStock } = poisonedHandlers(shop.poison, retry);
    await shop.start([ReserveStock], { crashPoints: doom.crashPoints });
    return { shop, doom, restart: () => shop.start([ReserveStock]) };
  };
  const everything = async (shop: ShopUnderPoison) => ({
    'order-1': await shop.versionsOf(handler, 'order-1'),
    'order-2': await shop.versionsOf(handler, 'order-2'),
  });

  it.each(['beforeParked', 'afterParked', 'beforeOffset'] as const)('%s has lost nothing and parks nothing twice', async (at) => {
    const { shop, doom, restart } = await doomed(at);
    shop.poison.in(['order-1'], 2);
    await shop.publish('order-1', 'order-1', 'order-2', 'order-1', 'order-2');
    await doom.kill(shop);
    await restart();
    await shop.caughtUp();

    expect(doom.fired).toBe(1);
    expect(await everything(shop)).toEqual({ 'order-1': [1], 'order-2': [1, 2] });
    expect(await shop.parked(handler)).toMatchObject([
      { key: 'order-1', aggregate_version: 2, reason: 'failed' },
      { key: 'order-1', aggregate_version: 3, reason: 'behind' },
    ]);
    shop.poison.mend();
    await shop.letters.redrive({ handler }, by);
    expect(await everything(shop)).toEqual({ 'order-1': [1, 2, 3], 'order-2': [1, 2] });
    expect(await shop.parkedKeys()).toEqual([]);
  });

  it.each([
    ['beforeRedriven', 1],
    ['beforeRedriven', 2],
    ['beforeRedriven', 3],
    ['afterRedriven', 1],
    ['afterRedriven', 2],
    ['afterRedriven', 3],
  ] as const)('%s, at letter %i of three, is followed by a redrive that ends the work', async (at, nth) => {
    const { shop, doom, restart } = await doomed(at, nth);
    shop.poison.in(['order-1'], 1);
    await shop.publish('order-1', 'order-1', 'order-1', 'order-2');
    await shop.caughtUp();
    shop.poison.mend();
    shop.letters.redrive({ handler }, by).catch(() => undefined);
    await doom.kill(shop);
    await restart();
    expect(await shop.versionsOf(handler, 'order-1')).toEqual([1, 2, 3].slice(0, at === 'beforeRedriven' ? nth - 1 : nth));

    await shop.publish('order-1', 'order-2');
    await shop.caughtUp();
    await shop.letters.redrive({ handler }, by);
    expect(doom.fired).toBe(1);
    expect(await everything(shop)).toEqual({ 'order-1': [1, 2, 3, 4], 'order-2': [1, 2] });
    expect(await shop.parkedKeys()).toEqual([]);
  });
  it.each([
    ['beforeParked', 1],
    ['afterParked', 1],
    ['beforeRedriven', 1],
    ['beforeRedriven', 3],
    ['afterRedriven', 1],
    ['afterRedriven', 2],
  ] as const)('%s, time %i, while a key is handed over again by itself, needs no operator', async (at, nth) => {
    const { shop, doom, restart } = await doomed(at, nth, { attempts: 9, inPlace: 1, firstDelayMs: 1, longestDelayMs: 5 });
    let failures = 0;
    shop.poison.be(({ key, aggregateVersion }) => {
      if (key === 'order-1' && aggregateVersion === 1 && ++failures <= 2) throw new TypeError('cannot be handled yet');
    });
    await shop.publish('order-1', 'order-1', 'order-1', 'order-2');
    await doom.kill(shop);
    await restart();
    await shop.publish('order-1', 'order-2');
    await shop.caughtUp();
    await eventually(async () => expect(await shop.parkedKeys()).toEqual([]));

    expect(doom.fired).toBe(1);
    expect(await everything(shop)).toEqual({ 'order-1': [1, 2, 3, 4], 'order-2': [1, 2] });
  });
});
