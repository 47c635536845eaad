import { randomUUID } from 'node:crypto';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import type { Purchase } from '../support/customer.js';
import { proveFired } from '../support/faults.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import { asAdmin } from '../support/tokens.js';

/** READS=10000 asks as often as anybody could wish, on both brokers; the suite itself has less time. */
const READS = Number(process.env.READS ?? 60);
const READERS = 8;
/** What a killed member owned waits for the end of its session: to be shot without a pause would be to read nothing. */
const KILLS = Math.ceil(READS / 400);
const WAIT_S = 2;
/** They have nothing to do with it, and ten thousand orders want all of a small machine. */
const BYSTANDERS = ['inventory', 'payments', 'shipping', 'fulfilment', 'email', 'analytics', 'recorder'];

interface Found {
  readonly orders: readonly { readonly orderId: string }[];
}

describeInAShop('whose readers are killed', (theShop) => {
  let shop: Shop;
  beforeEach(async () => {
    shop = theShop();
    if (process.env.READS) await Promise.all(BYSTANDERS.map((name) => shop.app(name).stop()));
  });

  it('no answer that claims to be fresh is not, and no wait outlives its limit', async () => {
    const reader = await shop.another('search');
    await reader.ready();
    const victim = shop.app('search');
    const customer = shop.customer();
    const outcomes = { fresh: 0, stale: 0 };
    let [asked, kills, longestMs] = [0, 0, 0];
    const readOne = async () => {
      const order = { userId: randomUUID(), email: 'ada@example.com', lines: [{ sku: 'teapot', quantity: 1 }] };
      const placed = await shop.app('checkout').send<Pick<Purchase, 'orderId' | 'eventId' | 'totalCents'>>('POST', '/orders', order);
      expect(placed.status).toBe(201);
      customer.purchases.push({ ...order, ...placed.body });
      const headers = { ...asAdmin, 'nestbox-after': placed.headers.get('nestbox-position')!, prefer: `wait=${WAIT_S}` };
      const started = performance.now();
      const answer = await fetch(`${reader.url}/search?q=${placed.body.orderId}`, { headers });
      const { orders } = (await answer.json()) as Found;
      longestMs = Math.max(longestMs, performance.now() - started);
      const isFresh = answer.headers.get('nestbox-stale') === 'false';
      if (isFresh) expect(orders.map(({ orderId }) => orderId)).toEqual([placed.body.orderId]);
      outcomes[isFresh ? 'fresh' : 'stale']++;
    };
    const read = async () => {
      while (asked++ < READS) await readOne();
    };
    const assault = async () => {
      for (; kills < KILLS && asked < READS; kills++) {
        await eventually(() => expect(asked).toBeGreaterThan((kills * READS) / KILLS), { timeoutMs: 120_000 });
        await victim.kill();
        await victim.start();
        await victim.ready();
      }
    };
    await Promise.all([assault(), ...Array.from({ length: READERS }, read)]);
    process.stderr.write(`${shop.kind}: ${READS} reads, ${JSON.stringify(outcomes)}, ${kills} kills, longest ${Math.round(longestMs)} ms\n`);
    await reader.stop();
    if (!process.env.READS) await expectExactBooks(shop);
    proveFired('no consumer was killed while there was something to read', kills >= 1);
    expect(outcomes.fresh).toBeGreaterThan(0);
    // Twice the limit: the machine that tests run on may be busy, a wait without a limit would show all the same.
    expect(longestMs).toBeLessThan(2_000 * WAIT_S);
  }, 1_800_000);
});
