import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { describeOnEachBroker } from '../support/brokers.js';
import type { Customer } from '../support/customer.js';
import { proveFired } from '../support/faults.js';
import { shelf, Shop } from '../support/shop.js';

/** Enough of each fate to be met, and no more; SAGA_ORDERS=500 for the long run. */
const ORDERS = Number(process.env.SAGA_ORDERS ?? 30);
/** So many at a time come to their ends in peace, until every fate has been met whatever the faults make of the others. */
const IN_PEACE = 20;
const FATES = ['completed', 'compensated payment', 'compensated shipping', 'compensated stock', 'cancelled customer'];
const AT_ONCE = 6;
/** Two minutes become 2.4 s: shorter than a pause of payments, and far shorter than all tries of an undo together. */
const TIME_SCALE = 0.02;
const RESTART_EVERY_MS = 1_500;
const PAUSE_MS = 3_500;

/** One order of every seventh or so meets each fate; the rest is for the faults below to spoil. */
async function errand(customer: Customer, n: number): Promise<void> {
  const choice = n % 7 === 3 ? { cardToken: 'card-stolen' } : n % 7 === 5 ? { region: 'AQ' } : {};
  const sku = n % 10 === 9 ? 'tray-last' : 'mug-blue';
  const purchase = await customer.order([{ sku, quantity: sku === 'tray-last' ? 20 : 1 + (n % 3) }], choice);
  if (n % 6 === 4) await customer.cancel(purchase);
}

async function placeAll(shop: Shop, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, n) => from + n).values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    const customer = shop.customer();
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

const ENDED = 'SELECT count(*) AS n FROM nestbox.sagas WHERE ended_at IS NOT NULL';
const count = async (shop: Shop, context: string, sql: string) => Number((await shop.query<{ n: string }>(context, sql))[0]!.n);

/** Resolves with the number of orders that it took. A busy machine makes timeouts of some: then others are placed. */
async function everyFate(shop: Shop): Promise<number> {
  for (let placed = IN_PEACE; ; placed += IN_PEACE) {
    await placeAll(shop, placed - IN_PEACE, placed);
    await eventually(async () => expect(await count(shop, 'fulfilment', ENDED)).toBe(placed), { timeoutMs: 60_000, everyMs: 250 });
    const ends = await shop.query<{ fate: string }>('fulfilment', `SELECT DISTINCT concat_ws(' ', status, note) AS fate FROM nestbox.sagas`);
    const missing = FATES.filter((fate) => !ends.some((end) => end.fate === fate));
    if (missing.length === 0) return placed;
    proveFired(`no story of ${placed} ended ${missing.join(', ')}`, placed < 5 * IN_PEACE);
  }
}

describeOnEachBroker('A shop whose payments and sagas are killed and paused in the middle of its stories', (broker) => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.start({ broker, settings: { SAGA_TIME_SCALE: String(TIME_SCALE) } });
    await shop.app('payments').send('PUT', '/sandbox', { declinedCards: ['card-stolen'], answerAfterMs: 30, lostAnswers: 0.2 });
    await shop.app('shipping').send('PUT', '/sandbox', { refusedRegions: ['AQ'] });
  }, 180_000);
  afterAll(() => shop?.stop());

  it('brings every one to its end: shipped and paid for, or cancelled with nothing left of it, and one last mail', async () => {
    let over = false;
    const stock = sampleStock(shop, () => over);
    const inPeace = await everyFate(shop);
    let placed = false;
    const faults = plague(shop, () => placed);
    await placeAll(shop, inPeace, inPeace + ORDERS).finally(() => (placed = true));
    const { kills, pauses } = await faults;
    await expectExactBooks(shop).finally(() => (over = true));
    const { samples, wrong } = await stock;
    expect(wrong).toEqual([]);

    proveFired(`payments was not killed and paused: ${kills}, ${pauses}`, kills >= 1 && pauses >= 1);
    proveFired(`the stock was hardly looked at: ${samples}`, samples > 50);
    const timeouts = await count(shop, 'fulfilment', `SELECT count(*) AS n FROM nestbox.saga_turns WHERE cause = 'timeout capture-payment'`);
    proveFired('no answer of payments was too late', timeouts > 0);
    const again = await count(shop, 'payments', 'SELECT count(*) AS n FROM payments WHERE attempts > 1');
    proveFired('no answer of the provider was lost', again > 0);
    const refunds = await count(shop, 'payments', `SELECT count(*) AS n FROM ledger WHERE kind = 'refund'`);
    proveFired('nothing was ever given back', refunds > 0);
  }, 600_000);
});
