import { eventually } from '@nestbox/eventing/testing';
import { shelf } from './shop.js';
import type { Shop } from './shop.js';
import { behind, everythingOn, versionsByKey } from './topics.js';

const ORDERS = 'checkout.orders';
const RESERVATIONS = 'inventory.reservations';
const readers: Record<string, readonly string[]> = {
  inventory: [ORDERS],
  email: [ORDERS, RESERVATIONS],
  analytics: [ORDERS, RESERVATIONS],
  search: [ORDERS],
  recorder: [ORDERS, RESERVATIONS],
};

export interface BookOptions {
  /**
   * Where the mail app itself or its database is cut off between the mail server's answer and the note of it, the same
   * letter may be handed over again: under the same Message-ID, by which mailboxes know it.
   */
  readonly lettersMayBeHandedOverAgain?: boolean;
}

/**
 * Everything that must be true of a shop once it has come to rest, against what its customers were told: no order lost
 * or made up, one confirmation each, an apology where one is due, stock and revenue exact, every key's versions 1..n.
 */
export async function expectExactBooks(shop: Shop, options: BookOptions = {}): Promise<void> {
  await eventually(() => checkEffects(shop, options), { timeoutMs: 120_000, everyMs: 500 });
  await eventually(() => expectNothingLeftToRead(shop), { timeoutMs: 60_000, everyMs: 500 });
  // Once more with nothing under way any longer: a doubled effect may have come late.
  await checkEffects(shop, options);
  await expectVersionsInOrder(shop);
}

async function checkEffects(shop: Shop, options: BookOptions): Promise<void> {
  await expectOrders(shop);
  const stages = await expectStock(shop);
  await expectRevenue(shop, stages);
  await expectSearch(shop);
  await expectMails(shop, stages, options);
}

async function expectOrders(shop: Shop): Promise<void> {
  const orders = await shop.query<{ order_id: string; status: string; cents: string }>(
    'checkout',
    'SELECT order_id, status, total_cents AS cents FROM orders',
  );
  expectSame(orders.map(({ order_id, status, cents }) => `${order_id} ${status} ${cents}`), asTold(shop));
}

type Stages = Map<string, 'reserved' | 'rejected' | 'released' | 'forgone'>;

async function expectStock(shop: Shop): Promise<Stages> {
  const rows = await shop.query<{ order_id: string; status: string }>('inventory', 'SELECT order_id, status FROM reservations');
  const stages = new Map(rows.map(({ order_id, status }) => [order_id, status])) as Stages;
  expectSame([...stages.keys()], shop.purchases.map(({ orderId }) => orderId));
  const allowed = ({ cancelled }: { cancelled: boolean }) => (cancelled ? /released|forgone|rejected/ : /reserved|rejected/);
  expect(shop.purchases.filter((purchase) => !allowed(purchase).test(stages.get(purchase.orderId)!))).toEqual([]);

  const expected = shelf.map(({ sku, onHand }) => {
    const lines = shop.purchases.filter(({ orderId }) => stages.get(orderId) === 'reserved').flatMap(({ lines }) => lines);
    const reserved = lines.filter((line) => line.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
    return { sku, onHand, reserved };
  });
  for (const { sku, onHand, reserved } of expected) {
    expect((await shop.app('inventory').get(`/products/${sku}`)).body).toMatchObject({ sku, onHand, reserved });
    expect(reserved).toBeLessThanOrEqual(onHand);
  }
  return stages;
}

async function expectRevenue(shop: Shop, stages: Stages): Promise<void> {
  const kept = shop.purchases.filter(({ cancelled }) => !cancelled);
  const { body: periods } = await shop.app('analytics').get<{ orders: number; totalCents: number }[]>('/reports/revenue?by=hour');
  const total = (field: 'orders' | 'totalCents') => periods.reduce((sum, period) => sum + period[field], 0);
  expect({ orders: total('orders'), totalCents: total('totalCents') }).toEqual({
    orders: kept.length,
    totalCents: kept.reduce((sum, { totalCents }) => sum + totalCents, 0),
  });

  const reached = (...names: string[]) => [...stages.values()].filter((stage) => names.includes(stage)).length;
  expect((await shop.app('analytics').get('/reports/funnel')).body).toEqual({
    placed: shop.purchases.length,
    reserved: reached('reserved', 'released'),
    rejected: reached('rejected'),
    cancelled: shop.purchases.length - kept.length,
  });
}

async function expectSearch(shop: Shop): Promise<void> {
  const found = await shop.query<{ order_id: string; status: string; cents: string }>(
    'search',
    'SELECT order_id, status, total_cents AS cents FROM orders',
  );
  expectSame(found.map(({ order_id, status, cents }) => `${order_id} ${status} ${cents}`), asTold(shop));
}

async function expectMails(shop: Shop, stages: Stages, { lettersMayBeHandedOverAgain = false }: BookOptions): Promise<void> {
  const due = shop.purchases.flatMap(({ orderId, email, cancelled }) => {
    const kinds = cancelled || stages.get(orderId) === 'rejected' ? ['confirmation', 'apology'] : ['confirmation'];
    return kinds.map((kind) => `<${orderId}.${kind}@nestbox.example> to ${email}`);
  });
  const received = shop.mailbox.received.map(({ messageId, to }) => `${messageId} to ${to.join()}`);
  expectSame([...new Set(received)], due);
  if (!lettersMayBeHandedOverAgain) expect(received.length).toBe(due.length);
  const [unsent] = await shop.query('email', 'SELECT count(*) AS letters FROM mails WHERE sent_at IS NULL');
  expect(unsent).toEqual({ letters: '0' });
}

async function expectNothingLeftToRead(shop: Shop): Promise<void> {
  const broker = await shop.broker();
  for (const [group, topics] of Object.entries(readers)) expect(await behind(broker, group, topics)).toEqual([]);
}

/** On the topics as they first appear there, and at a handler in the order of its transactions. */
async function expectVersionsInOrder(shop: Shop): Promise<void> {
  const told = versionsByKey(await everythingOn(await shop.broker(), [ORDERS, RESERVATIONS]));
  const arrivals = await shop.query<{ place: string; versions: number[] }>(
    'recorder',
    `SELECT topic || ' ' || key AS place, array_agg(version ORDER BY n) AS versions FROM arrivals GROUP BY 1`,
  );
  const arrived = new Map(arrivals.map(({ place, versions }) => [place, versions]));
  const outOfOrder = (places: Map<string, number[]>) =>
    [...places].filter(([, versions]) => versions.some((version, i) => version !== i + 1));

  expect(outOfOrder(told)).toEqual([]);
  expect(outOfOrder(arrived)).toEqual([]);
  expectSame(byPlace(arrived), byPlace(told));
  for (const { orderId, cancelled } of shop.purchases) expect(told.get(`${ORDERS} ${orderId}`)).toHaveLength(cancelled ? 2 : 1);
}

function byPlace(places: Map<string, number[]>): string[] {
  return [...places].map(([place, versions]) => `${place} ${versions.join()}`);
}

function asTold({ purchases }: Shop): string[] {
  return purchases.map(({ orderId, cancelled, totalCents }) => `${orderId} ${cancelled ? 'cancelled' : 'placed'} ${totalCents}`);
}

/** As sets, without jest's own comparison: it is asked again and again, and would take seconds to print what differs. */
function expectSame(actual: readonly string[], expected: readonly string[]): void {
  const [there, wanted] = [new Set(actual), new Set(expected)];
  const missing = expected.filter((line) => !there.has(line));
  const surplus = actual.filter((line) => !wanted.has(line));
  expect({ count: actual.length, missing: missing.slice(0, 5), surplus: surplus.slice(0, 5) }).toEqual({
    count: expected.length,
    missing: [],
    surplus: [],
  });
}
