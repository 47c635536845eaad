import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import type { Customer } from '../support/customer.js';
import { proveFired } from '../support/faults.js';
import { shelf } from '../support/shelf.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';

/** Enough of each fate to be met, and no more; SAGA_ORDERS=500 for the long run. */
const ORDERS = Number(process.env.SAGA_ORDERS ?? 30);
/** So many at a time come to their ends in peace, until every fate has been met whatever the faults make of the others. */
const IN_PEACE = 20;
const FATES = ['completed', 'compensated payment', 'compensated shipping', 'compensated stock', 'cancelled customer'];
const AT_ONCE = 6;
/** Two minutes become 2.4 s: shorter than a pause of payments, and far shorter than all tries of an undo together. */
const TIME_SCALE = '0.02';
const RESTART_EVERY_MS = 1_500;
const PAUSE_MS = 3_500;

/** One order of every seventh or so meets each fate; the rest is for the faults below to spoil. */
async function errand(customer: Customer, n: number): Promise<void> {
  const choice = n % 7 === 3 ? { cardToken: 'card-stolen' } : n % 7 === 5 ? { region: 'AQ' } : {};
  const sku = n % 10 === 9 ? 'tray-last' : 'mug-blue';
  const purchase = await customer.order([{ sku, quantity: sku === 'tray-last' ? 20 : 1 + (n % 3) }], choice);
  if (n % 6 === 4) await customer.cancel(purchase);
}

async function placeAll(customers: readonly Customer[], from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, n) => from + n).values();
  const workers = customers.map(async (customer) => {
    for (const n of numbers) {
      await errand(customer, n);
      await pause(400);
    }
  });
  await Promise.all(workers);
}

/** Kills payments and the sagas' own app every few seconds, and in between stops payments for longer than anybody waits. */
async function plague(shop: Shop, until: () => boolean): Promise<{ kills: number; pauses: number }> {
  const payments = shop.app('payments');
  const done = { kills: 0, pauses: 0 };
  while (!until() || done.kills < 1 || done.pauses < 1) {
    await pause(RESTART_EVERY_MS);
    if (done.kills > done.pauses) {
      payments.pause();
      await pause(PAUSE_MS);
      payments.resume();
      done.pauses += 1;
    } else {
      const victims = [payments, shop.app('fulfilment')];
      const ends = await Promise.all(victims.map((victim) => victim.kill()));
      if (ends.every(({ signal }) => signal === 'SIGKILL')) done.kills += 1;
      await Promise.all(victims.map((victim) => victim.start()));
      await Promise.all(victims.map((victim) => victim.ready()));
    }
  }
  return done;
}

/** What has left the house and what is in it make up what was there at first, at whatever moment one looks. */
async function sampleStock(shop: Shop, until: () => boolean): Promise<{ samples: number; wrong: unknown[] }> {
  const wrong: unknown[] = [];
  let samples = 0;
  for (; !until(); samples++) {
    const rows = await shop.query<{ sku: string; there: number; reserved: number; shipped: number }>(
      'inventory',
      'SELECT sku, on_hand AS there, reserved, shipped FROM stock',
    );
    for (const row of rows) {
      const { onHand } = shelf.find(({ sku }) => sku === row.sku)!;
      if (row.there + row.shipped !== onHand || row.reserved > row.there || row.reserved < 0) wrong.push(row);
    }
    await pause(100);
  }
  return { samples, wrong };
}

/** How the sagas of these orders ended, and how often each way. */
const ENDS = `SELECT concat_ws(' ', status, note) AS fate, count(*)::int AS n
  FROM nestbox.sagas WHERE id = ANY ($1) AND ended_at IS NOT NULL GROUP BY 1`;
const LATE_ANSWERS = `SELECT 1 FROM nestbox.saga_turns WHERE cause = 'timeout capture-payment' AND id = ANY ($1)`;
const CHARGED_AGAIN = 'SELECT 1 FROM payments WHERE attempts > 1 AND order_id = ANY ($1::uuid[])';
const REFUNDS = `SELECT 1 FROM ledger WHERE kind = 'refund' AND order_id = ANY ($1::uuid[])`;

/** Resolves with the number of orders that it took. A busy machine makes timeouts of some: then others are placed. */
async function everyFate(shop: Shop, customers: readonly Customer[]): Promise<number> {
  for (let placed = IN_PEACE; ; placed += IN_PEACE) {
    await placeAll(customers, placed - IN_PEACE, placed);
    const ends = await eventually(async () => {
      const rows = await shop.query<{ fate: string; n: number }>('fulfilment', ENDS, [idsOf(customers)]);
      expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(placed);
      return rows;
    }, { timeoutMs: 60_000, everyMs: 250 });
    const missing = FATES.filter((fate) => !ends.some((end) => end.fate === fate));
    if (missing.length === 0) return placed;
    proveFired(`no story of ${placed} ended ${missing.join(', ')}`, placed < 5 * IN_PEACE);
  }
}

const idsOf = (customers: readonly Customer[]) => customers.flatMap(({ purchases }) => purchases.map(({ orderId }) => orderId));

describeInAShop('whose payments and sagas are killed and paused in the middle of their stories', (theShop) => {
  let shop: Shop;
  const restartSagas = async (configuration: Record<string, string> = {}) => {
    const fulfilment = shop.app('fulfilment');
    await fulfilment.stop();
    fulfilment.configure(configuration);
    await fulfilment.start();
    await fulfilment.ready();
  };
  const atProviders = async (payments: object, shipping: object) => {
    await shop.app('payments').send('PUT', '/sandbox', payments);
    await shop.app('shipping').send('PUT', '/sandbox', shipping);
  };

  beforeEach(async () => {
    shop = theShop();
    await atProviders({ declinedCards: ['card-stolen'], answerAfterMs: 30, lostAnswers: 0.2 }, { refusedRegions: ['AQ'] });
    await restartSagas({ SAGA_TIME_SCALE: TIME_SCALE });
  }, 60_000);
  afterEach(async () => {
    await restartSagas();
    await atProviders({}, {});
  }, 60_000);

  it('brings every one to its end: shipped and paid for, or cancelled with nothing left of it, and one last mail', async () => {
    const customers = Array.from({ length: AT_ONCE }, () => shop.customer());
    let over = false;
    const stock = sampleStock(shop, () => over);
    const inPeace = await everyFate(shop, customers);
    let placed = false;
    const faults = plague(shop, () => placed);
    await placeAll(customers, inPeace, inPeace + ORDERS).finally(() => (placed = true));
    const { kills, pauses } = await faults;
    await expectExactBooks(shop).finally(() => (over = true));
    const { samples, wrong } = await stock;
    expect(wrong).toEqual([]);

    proveFired(`payments was not killed and paused: ${kills}, ${pauses}`, kills >= 1 && pauses >= 1);
    proveFired(`the stock was hardly looked at: ${samples}`, samples > 50);
    const found = async (context: string, sql: string) => (await shop.query(context, sql, [idsOf(customers)])).length > 0;
    proveFired('no answer of payments was too late', await found('fulfilment', LATE_ANSWERS));
    proveFired('no answer of the provider was lost', await found('payments', CHARGED_AGAIN));
    proveFired('nothing was ever given back', await found('payments', REFUNDS));
  }, 600_000);
});
