import { eventually } from '@nestbox/eventing/testing';
import { shelf } from './shelf.js';
import type { Shop } from './shop.js';
import { behind, everythingOn, versionsByKey } from './topics.js';

const ORDERS = 'checkout.orders';
const RESERVATIONS = 'inventory.reservations';
const PAYMENTS = 'payments.payments';
const SHIPMENTS = 'shipping.shipments';
const readers: Record<string, readonly string[]> = {
  checkout: [RESERVATIONS, PAYMENTS, SHIPMENTS, 'checkout.commands'],
  inventory: [ORDERS, SHIPMENTS, 'inventory.commands'],
  payments: ['payments.commands'],
  shipping: ['shipping.commands'],
  fulfilment: [ORDERS, RESERVATIONS, PAYMENTS, SHIPMENTS],
  email: [ORDERS, RESERVATIONS, SHIPMENTS],
  analytics: [ORDERS, RESERVATIONS, PAYMENTS, SHIPMENTS],
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
 * or made up, each shipped or cancelled, one confirmation and one last word each, stock, money and revenue exact, every
 * key's versions 1..n.
 */
export async function expectExactBooks(shop: Shop, options: BookOptions = {}): Promise<void> {
  await eventually(() => checkEffects(shop, options), { timeoutMs: 120_000, everyMs: 500 });
  await eventually(() => expectNothingLeftToRead(shop), { timeoutMs: 60_000, everyMs: 500 });
  // Once more with nothing under way any longer: a doubled effect may have come late.
  await checkEffects(shop, options);
  await expectVersionsInOrder(shop);
}

async function checkEffects(shop: Shop, options: BookOptions): Promise<void> {
  const ends = await expectOrders(shop);
  const stages = await expectStock(shop, ends);
  await expectSagas(shop, ends);
  await expectMoney(shop, ends);
  await expectRevenue(shop, ends, stages);
  await expectSearch(shop, ends);
  await expectMails(shop, ends, options);
}

type Ends = Map<string, 'shipped' | 'cancelled'>;

/** Each has ended; what no customer wanted cancelled may be so all the same, when its stock or its money was refused. */
async function expectOrders(shop: Shop): Promise<Ends> {
  const orders = await shop.query<{ order_id: string; status: string; cents: string }>(
    'checkout',
    'SELECT order_id, status, total_cents AS cents FROM orders',
  );
  expectSame(orders.map(({ order_id, cents }) => `${order_id} ${cents}`), shop.purchases.map(({ orderId, totalCents }) => `${orderId} ${totalCents}`));
  const open = orders.filter(({ status }) => status !== 'shipped' && status !== 'cancelled');
  expect({ open: open.length, some: open.slice(0, 5) }).toEqual({ open: 0, some: [] });
  return new Map(orders.map(({ order_id, status }) => [order_id, status])) as Ends;
}

type Stages = Map<string, 'shipped' | 'rejected' | 'released' | 'forgone'>;

async function expectStock(shop: Shop, ends: Ends): Promise<Stages> {
  const rows = await shop.query<{ order_id: string; status: string }>('inventory', 'SELECT order_id, status FROM reservations');
  const stages = new Map(rows.map(({ order_id, status }) => [order_id, status])) as Stages;
  expectSame([...stages.keys()], shop.purchases.map(({ orderId }) => orderId));
  const wrong = rows.filter(({ order_id, status }) => (ends.get(order_id) === 'shipped') !== (status === 'shipped') || status === 'reserved');
  expect(wrong.slice(0, 5)).toEqual([]);

  for (const { sku, onHand } of shelf) {
    const lines = shop.purchases.filter(({ orderId }) => ends.get(orderId) === 'shipped').flatMap(({ lines }) => lines);
    const shipped = lines.filter((line) => line.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
    const { body } = await shop.app('inventory').get(`/products/${sku}`);
    expect(body).toMatchObject({ sku, onHand: onHand - shipped, reserved: 0, shipped });
  }
  return stages;
}

/** No story is open or stuck, and each tells the same end as its order. */
async function expectSagas(shop: Shop, ends: Ends): Promise<void> {
  const sagas = await shop.query<{ id: string; status: string }>('fulfilment', 'SELECT id, status FROM nestbox.sagas');
  const told = (status: string) => (status === 'completed' ? 'shipped' : /compensated|cancelled/.test(status) ? 'cancelled' : status);
  expectSame(sagas.map(({ id, status }) => `${id} ${told(status)}`), [...ends].map(([id, end]) => `${id} ${end}`));
}

/** What is kept is what was shipped, order by order; the ledger and the provider say the same. */
async function expectMoney(shop: Shop, ends: Ends): Promise<void> {
  const kept = `SELECT order_id::text AS id, sum(CASE kind WHEN 'capture' THEN amount_cents ELSE -amount_cents END)::text AS cents
    FROM ledger GROUP BY order_id`;
  const atProvider = `SELECT split_part(c.key, ':', 1) AS id, (c.amount_cents - coalesce(r.amount_cents, 0))::text AS cents
    FROM sandbox_charges c LEFT JOIN sandbox_refunds r ON r.charge_key = c.key WHERE c.declined IS NULL`;
  const due = shop.purchases.filter(({ orderId }) => ends.get(orderId) === 'shipped').map(({ orderId, totalCents }) => `${orderId} ${totalCents}`);
  for (const books of [kept, atProvider]) {
    const rows = await shop.query<{ id: string; cents: string }>('payments', books);
    expectSame(rows.filter(({ cents }) => cents !== '0').map(({ id, cents }) => `${id} ${cents}`), due);
  }
}

async function expectRevenue(shop: Shop, ends: Ends, stages: Stages): Promise<void> {
  const kept = shop.purchases.filter(({ orderId }) => ends.get(orderId) === 'shipped');
  const { body: periods } = await shop.app('analytics').get<{ orders: number; totalCents: number }[]>('/reports/revenue?by=hour');
  const total = (field: 'orders' | 'totalCents') => periods.reduce((sum, period) => sum + period[field], 0);
  expect({ orders: total('orders'), totalCents: total('totalCents') }).toEqual({
    orders: kept.length,
    totalCents: kept.reduce((sum, { totalCents }) => sum + totalCents, 0),
  });

  const reached = (...names: string[]) => [...stages.values()].filter((stage) => names.includes(stage)).length;
  expect((await shop.app('analytics').get('/reports/funnel')).body).toMatchObject({
    placed: shop.purchases.length,
    reserved: reached('shipped', 'released'),
    rejected: reached('rejected'),
    shipped: kept.length,
    cancelled: shop.purchases.length - kept.length,
  });
}

async function expectSearch(shop: Shop, ends: Ends): Promise<void> {
  const found = await shop.query<{ order_id: string; status: string; cents: string }>(
    'search',
    'SELECT order_id, status, total_cents AS cents FROM orders',
  );
  const status = (orderId: string) => (ends.get(orderId) === 'cancelled' ? 'cancelled' : 'placed');
  const due = shop.purchases.map(({ orderId, totalCents }) => `${orderId} ${status(orderId)} ${totalCents}`);
  expectSame(found.map(({ order_id, status, cents }) => `${order_id} ${status} ${cents}`), due);
}

async function expectMails(shop: Shop, ends: Ends, { lettersMayBeHandedOverAgain = false }: BookOptions): Promise<void> {
  const due = shop.purchases.flatMap(({ orderId, email }) => {
    const last = ends.get(orderId) === 'shipped' ? 'shipped' : 'apology';
    return ['confirmation', last].map((kind) => `<${orderId}.${kind}@nestbox.example> to ${email}`);
  });
  const received = shop.mailbox.received.map(({ messageId, to }) => `${messageId} to ${to.join()}`);
  expectSame([...new Set(received)], due);
  if (lettersMayBeHandedOverAgain) shop.mailbox.repeatsExcused = received.length - due.length;
  expect(received.length - shop.mailbox.repeatsExcused).toBe(due.length);
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
}

function byPlace(places: Map<string, number[]>): string[] {
  return [...places].map(([place, versions]) => `${place} ${versions.join()}`);
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
