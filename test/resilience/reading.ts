import { randomUUID } from 'node:crypto';
import { eventually } from '@nestbox/eventing/testing';
import { moreOrders, proveFired } from '../support/faults.js';
import { adminToken } from '../support/shop.js';
import type { Shop } from '../support/shop.js';

/** READS=10000 asks as often as anybody could wish, on both brokers; the suite itself has less time. */
const READS = Number(process.env.READS ?? 160);
const READERS = 8;
/** What a killed member owned waits for the end of its session: to be shot without a pause would be to read nothing. */
const MOST_KILLS = Math.ceil(READS / 160);
const WAIT_S = 2;

interface Found {
  readonly orders: readonly { readonly orderId: string }[];
}

export function reading(theShop: () => Shop): void {
  describe('whose readers are killed', () => {
    let shop: Shop;
    beforeAll(() => {
      shop = theShop();
    });

    const hashOfOrders = async () => {
      const [row] = await shop.query<{ hash: string; n: number }>(
        'search',
        `SELECT md5(string_agg(o::text, '|' ORDER BY order_id)) AS hash, count(*)::int AS n FROM public.orders o`,
      );
      return row!;
    };
    const rebuild = async () => {
      const headers = { authorization: `Bearer ${adminToken}` };
      const path = '/admin/projections/search.index-orders/rebuild';
      const body = { actor: 'ada', reason: 'to see whether it comes out the same' };
      const answer = await shop.app('search').send<{ id: number }>('POST', path, body, headers);
      expect(answer.status).toBe(202);
      return answer.body.id;
    };
    const statusOf = async (id: number) => {
      const [row] = await shop.query<{ status: string }>('search', 'SELECT status FROM nestbox.generations WHERE id = $1', [id]);
      return row!.status;
    };

    it('no answer that claims to be fresh is not, and no wait outlives its limit', async () => {
      const reader = await shop.another('search');
      await reader.ready();
      const victim = shop.app('search');
      let left = READS;
      let kills = 0;
      const outcomes = { fresh: 0, stale: 0 };
      const assault = (async () => {
        while (left > 0 && kills < MOST_KILLS) {
          await victim.kill();
          kills++;
          await victim.start();
          await victim.ready();
        }
      })();
      const readOne = async () => {
        const order = { userId: randomUUID(), email: 'ada@example.com', lines: [{ sku: 'teapot', quantity: 1 }] };
        const placed = await shop.app('checkout').send<{ orderId: string }>('POST', '/orders', order);
        const after = placed.headers.get('nestbox-position')!;
        const asked = performance.now();
        const answer = await fetch(`${reader.url}/search?q=${placed.body.orderId}`, {
          headers: { 'nestbox-after': after, prefer: `wait=${WAIT_S}` },
        });
        const { orders } = (await answer.json()) as Found;
        // Twice the limit: the machine that tests run on may be busy, a wait without a limit would show all the same.
        expect(performance.now() - asked).toBeLessThan(2_000 * WAIT_S);
        const isFresh = answer.headers.get('nestbox-stale') === 'false';
        if (isFresh) expect(orders.map(({ orderId }) => orderId)).toEqual([placed.body.orderId]);
        outcomes[isFresh ? 'fresh' : 'stale']++;
      };
      const read = async () => {
        while (left-- > 0) await readOne();
      };
      await Promise.all([assault, ...Array.from({ length: READERS }, read)]);
      proveFired('no consumer was killed while there was something to read', kills >= 1);
      expect(outcomes.fresh).toBeGreaterThan(0);
      process.stderr.write(`${shop.kind}: ${READS} reads, ${JSON.stringify(outcomes)}, ${kills} kills\n`);
      await reader.stop();
    }, 600_000);

    it('a view that is rebuilt under traffic comes out right, whenever its process is shot', async () => {
      const customer = shop.customer();
      const visit = customer.goShopping(10);
      await moreOrders(customer, 30);
      const search = await shop.doom('search', 'beforeSwap', 1);
      const id = await rebuild();
      const before = await search.ended;
      expect(await statusOf(id)).toBe('building');
      await search.start();
      await search.ready();
      await eventually(async () => expect(await statusOf(id)).toBe('live'), { timeoutMs: 60_000 });

      await shop.doom('search', 'afterSwap', 1);
      const again = await rebuild();
      const after = await search.ended;
      expect(await statusOf(again)).toBe('live');
      await search.start();
      await search.ready();

      await moreOrders(customer, 20);
      await visit.stop();
      const [taken] = await shop.query<{ n: number }>('checkout', 'SELECT count(*)::int AS n FROM orders');
      await eventually(async () => expect((await hashOfOrders()).n).toBe(taken!.n), { timeoutMs: 60_000 });
      const last = shop.purchases.at(-1)!;
      await eventually(async () => {
        const [row] = await shop.query<{ status: string }>('search', 'SELECT status FROM orders WHERE order_id = $1', [last.orderId]);
        expect(row).toBeDefined();
      });
      proveFired(`search was not killed: ${JSON.stringify([before, after])}`, before.signal === 'SIGKILL' && after.signal === 'SIGKILL');
    }, 300_000);

    it('a view that is rebuilt once more is the same row for row', async () => {
      const broker = await shop.broker();
      const ends = async () => (await broker.bounds(['checkout.orders'])).map(({ end }) => end).join();
      const caughtUp = () =>
        eventually(async () => {
          const lags = await broker.lag('search', ['checkout.orders']);
          expect(lags.reduce((sum, { lag }) => sum + lag, 0)).toBe(0);
        }, { timeoutMs: 60_000 });
      // Sagas end on their own time: what was told meanwhile makes two views of different events.
      const compared = async () => {
        await caughtUp();
        const [told, live] = [await ends(), await hashOfOrders()];
        const id = await rebuild();
        await eventually(async () => expect(await statusOf(id)).toBe('live'), { timeoutMs: 60_000 });
        const rebuilt = await hashOfOrders();
        return (await ends()) === told ? { live, rebuilt } : undefined;
      };
      let pair = await compared();
      for (let tries = 5; !pair && tries > 0; tries--) pair = await compared();
      proveFired('the shop never came to rest', pair !== undefined);
      expect(pair!.rebuilt).toEqual(pair!.live);
    }, 240_000);
  });
}
