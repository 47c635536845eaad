import { randomUUID } from 'node:crypto';
import { OrderPlaced } from '@nestbox/contracts';
import type { Broker } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import type { AppProcess } from '../support/app-process.js';
import { proveFired } from '../support/faults.js';
import { sealed } from '../support/sealed.js';
import { adminToken } from '../support/tokens.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import type { Ended } from '../support/tools.js';

/** So many orders of the past are in the topic: REBUILD_EVENTS=1000000. */
const EVENTS = Number(process.env.REBUILD_EVENTS ?? 0);
const BATCH = 2_000;
const VIEW = 'analytics.count-revenue';
/** Nobody but analytics is to read a million orders that nobody has placed. */
const BYSTANDERS = ['inventory', 'payments', 'shipping', 'fulfilment', 'email', 'search', 'recorder'];

if (!EVENTS) process.stderr.write('Skipped: a view of a long history is rebuilt: minutes long; REBUILD_EVENTS=100000 reads so many\n');
const itTakesLong = EVENTS ? it : it.skip;

describeInAShop('whose view of a long history is rebuilt', (theShop) => {
  let shop: Shop;
  let broker: Broker;
  let analytics: AppProcess;
  beforeEach(async () => {
    shop = theShop();
    broker = await shop.broker();
    analytics = shop.app('analytics');
    await Promise.all([...BYSTANDERS, 'analytics'].map((name) => shop.app(name).stop()));
    await restart();
  }, 60_000);

  const pastOrders = async () => {
    for (let n = 0; n < EVENTS; n += BATCH) {
      const orders = Array.from({ length: Math.min(BATCH, EVENTS - n) }, (_, i) => {
        const placedAt = new Date(Date.UTC(2026, 0, 1) + 60_000 * ((n + i) % 400_000)).toISOString();
        const lines = [{ sku: 'teapot', quantity: 1, unitPriceCents: 4900 }];
        const order = { orderId: randomUUID(), userId: `user-${i}`, email: 'ada@example.com', lines, totalCents: 4900 + (i % 7), placedAt };
        return sealed(OrderPlaced, order, {}).record;
      });
      await broker.publish(orders);
    }
  };
  const caughtUp = (timeoutMs: number) =>
    eventually(async () => {
      const lags = await broker.lag('analytics', ['checkout.orders']);
      expect(lags.reduce((sum, { lag }) => sum + lag, 0)).toBe(0);
    }, { timeoutMs, everyMs: 250 });
  /** Of all rows but those of the hours in which the test runs, whose orders still come in. */
  const past = async () => {
    const [row] = await shop.query<{ hash: string; orders: number }>(
      'analytics',
      `SELECT md5(string_agg(r::text, '|' ORDER BY hour, partition)) AS hash, sum(orders)::int AS orders
       FROM public.revenue_by_hour r WHERE hour < '2026-11-01'`,
    );
    return row!;
  };
  const present = async () => {
    const [row] = await shop.query<{ orders: number; cents: string }>(
      'analytics',
      `SELECT sum(orders)::int AS orders, sum(total_cents)::text AS cents FROM public.revenue_by_hour WHERE hour >= '2026-11-01'`,
    );
    return row!;
  };
  const rebuild = async () => {
    const headers = { authorization: `Bearer ${adminToken}` };
    const body = { actor: 'ada', reason: 'to see whether it comes out the same' };
    const answer = await analytics.send<{ id: number }>('POST', `/admin/projections/${VIEW}/rebuild`, body, headers);
    expect(answer.status).toBe(202);
    return answer.body.id;
  };
  const statusOf = async (id: number) => {
    const [row] = await shop.query<{ status: string }>('analytics', 'SELECT status FROM nestbox.generations WHERE id = $1', [id]);
    return row!.status;
  };
  const built = async (id: number) => {
    const claims = `SELECT count(*)::int AS n FROM nestbox.inbox i JOIN nestbox.handlers h ON h.id = i.handler WHERE h.name = $1`;
    return (await shop.query<{ n: number }>('analytics', claims, [`${VIEW}@g${id}`]))[0]!.n;
  };
  const restart = async () => {
    await analytics.start();
    await analytics.ready();
  };
  const minutes = (started: number) => `${((performance.now() - started) / 60_000).toFixed(1)} min`;

  itTakesLong('comes out as it was, row for row, though its process is shot at every step and orders keep coming', async () => {
    const started = performance.now();
    await pastOrders();
    await caughtUp(1_200_000);
    const before = await past();
    expect(before.orders).toBe(EVENTS);
    process.stderr.write(`${shop.kind}: ${EVENTS} events are in the live view after ${minutes(started)}\n`);

    const customer = shop.customer();
    const visit = customer.goShopping(10);
    const ends: Ended[] = [];
    const begun = performance.now();
    const id = await rebuild();
    ends.push(await analytics.kill());
    await restart();
    for (const share of [0.2, 0.5]) {
      await eventually(async () => expect(await built(id)).toBeGreaterThan(share * EVENTS), { timeoutMs: 1_200_000, everyMs: 250 });
      ends.push(await analytics.kill());
      await restart();
    }
    for (const moment of ['beforeOffset', 'beforeSwap', 'afterSwap'] as const) {
      await shop.doom('analytics', moment, 1);
      ends.push(await analytics.ended);
      expect(await statusOf(id)).toBe(moment === 'afterSwap' ? 'live' : 'building');
    }
    await restart();
    process.stderr.write(`${shop.kind}: rebuilt through ${ends.length} kills in ${minutes(begun)}\n`);
    expect(await past()).toEqual(before);

    await visit.stop();
    await caughtUp(120_000);
    const again = await rebuild();
    const live = { ...(await past()), ...(await present()) };
    await eventually(async () => expect(await statusOf(again)).toBe('live'), { timeoutMs: 1_200_000, everyMs: 250 });
    expect({ ...(await past()), ...(await present()) }).toEqual(live);
    proveFired(`analytics was not killed: ${JSON.stringify(ends)}`, ends.every(({ signal }) => signal === 'SIGKILL'));
  }, 3_600_000);
});
