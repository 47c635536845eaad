import { stripVTControlCharacters } from 'node:util';
import { expectExactBooks } from '../support/books.js';
import { shelf } from '../support/shelf.js';
import { apps } from '../support/shop-parts.js';
import type { Shop } from '../support/shop.js';
import { everythingOn, repeats } from '../support/topics.js';
import type { Told } from '../support/topics.js';
import type { HistoryLine } from './history.js';
import * as laws from './laws.js';
import type { Law, Letter } from './laws.js';
import type { Watch } from './watch.js';

const TOLD = ['checkout.orders', 'inventory.reservations'];

/** Delivered again is allowed; done again is not. */
export interface Duplicates {
  readonly records: number;
  readonly letters: number;
  readonly effects: number;
}

export interface Seen {
  readonly shop: Shop;
  readonly watch: Watch;
  readonly customerErrors: readonly string[];
  readonly recoveryFailures: readonly string[];
  readonly faults: number;
  readonly poisoned: ReadonlySet<string>;
}

/** Everything is held against what the customers were told, once nothing is under way any more. */
export async function judgeShop({ shop, watch, customerErrors, recoveryFailures, faults, poisoned }: Seen): Promise<{ laws: Law[]; duplicates: Duplicates }> {
  const orders = shop.purchases.length;
  const fault = await expectExactBooks(shop, { lettersMayBeHandedOverAgain: true }).then(() => '', (error: Error) => stripVTControlCharacters(error.message));
  const told = await everythingOn(await shop.broker(), TOLD);
  const history = await historyOf(shop, told);
  const held = [
    laws.everybodyAnswered(customerErrors, orders),
    laws.confirmedIsKept(watch.looks),
    laws.stockConserved(watch.stock, shelf),
    laws.exactBooks(fault, orders),
    laws.historyHolds(history),
    laws.nothingParked(await lettersIn(shop), poisoned),
    laws.logsAreClean(new Map([...apps, 'recorder'].map((app) => [app, shop.app(app).said()]))),
    laws.everythingRecovered(recoveryFailures, faults),
  ];
  const effects = history.filter(({ kind }) => kind === 'effect').map(({ topic, key, version }) => `${topic} ${key} ${version}`);
  const received = shop.mailbox.received.map(({ messageId }) => messageId);
  const duplicates = { records: repeats(told), letters: received.length - new Set(received).size, effects: effects.length - new Set(effects).size };
  return { laws: held, duplicates };
}

/** The topics beside what the recorder, a consumer that only writes down, has written down. */
async function historyOf(shop: Shop, told: readonly Told[]): Promise<HistoryLine[]> {
  const published = told.map(({ record, envelope }) => ({ kind: 'published' as const, topic: record.topic, key: String(record.key), version: envelope.aggregateVersion }));
  const arrivals = await shop.query<{ topic: string; key: string; version: number }>('recorder', 'SELECT topic, key, version FROM arrivals ORDER BY n');
  return [...published, ...arrivals.map((arrival) => ({ kind: 'effect' as const, consumer: 'recorder', ...arrival }))];
}

async function lettersIn(shop: Shop): Promise<Letter[]> {
  const letters = await Promise.all(
    apps.map(async (context) => {
      const rows = await shop.query<{ key: string; handler: string; error: string }>(
        context,
        // What a replaced generation of a view could not apply is its own: the new one has read the same events anew.
        `SELECT key, handler, to_jsonb(d)::text AS error FROM nestbox.dead_letters d JOIN nestbox.handlers h ON h.name = d.handler
          WHERE status IN ('parked', 'delayed') AND h.retired_at IS NULL`,
      );
      return rows.map(({ key, handler, error }) => ({ context, key, error: `${handler}: ${error.slice(0, 1_500)}` }));
    }),
  );
  return letters.flat();
}
