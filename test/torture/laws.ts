import type { Product } from '../support/shelf.js';
import { isBroken, judge, verdictText } from './history.js';
import type { HistoryLine } from './history.js';

export interface Law {
  readonly name: string;
  readonly about: string;
  readonly held: boolean;
  /** What broke it, or how much it was held against. */
  readonly detail: string;
}

/** Each law looks at what was seen, and at nothing else: that it can fail is tested with a history that breaks it. */
function law(name: string, about: string, broken: readonly string[], heldFor: string): Law {
  const more = broken.length > 5 ? [`and ${broken.length - 5} more`] : [];
  return { name, about, held: broken.length === 0, detail: broken.length === 0 ? heldFor : [...broken.slice(0, 5), ...more].join('\n') };
}

/** `errors`: of customers who gave up. */
export function everybodyAnswered(errors: readonly string[], orders: number): Law {
  return law('everybody-answered', 'every customer who insists is answered in the end, and as the contract says', errors, `${orders} orders`);
}

/** `missing`: orders that were confirmed and could not be found when somebody looked. */
export function confirmedIsKept(looks: readonly { readonly missing: readonly string[] }[]): Law {
  const missing = looks.flatMap((look) => look.missing);
  return law('confirmed-is-kept', 'during the run: an order that was confirmed is there whenever one looks', missing.map((id) => `${id} was gone`), `${looks.length} looks`);
}

export interface StockRow {
  readonly sku: string;
  readonly there: number;
  readonly reserved: number;
  readonly shipped: number;
}

export function stockConserved(samples: readonly (readonly StockRow[])[], shelf: readonly Product[]): Law {
  const wrong = samples.flat().filter(({ sku, there, reserved, shipped }) => {
    const product = shelf.find((one) => one.sku === sku);
    return !product || there + shipped !== product.onHand || reserved > there || reserved < 0;
  });
  return law('stock-conserved', 'during the run: what is there and what has left make up what was there', wrong.map((row) => JSON.stringify(row)), `${samples.length} looks`);
}

/** `fault`: why the books of test/support/books.ts are not exact; empty when they are. */
export function exactBooks(fault: string, orders: number): Law {
  const about = 'at the end, from outside: no order, letter, cent or piece lost, made up or doubled; every story ended; every group at lag zero';
  return law('exact-books', about, fault === '' ? [] : [fault], `${orders} orders`);
}

export function historyHolds(history: readonly HistoryLine[]): Law {
  const verdicts = judge(history);
  const broken = history.length === 0 ? ['there is no history'] : isBroken(verdicts) ? [verdictText(verdicts)] : [];
  return law('history-holds', 'the effects of a consumer, against the topics: nothing lost or doubled, versions of each key 1, 2, 3 …', broken, verdictText(verdicts).trim());
}

export interface Letter {
  readonly context: string;
  readonly key: string;
  readonly error: string;
}

export function nothingParked(letters: readonly Letter[], expected: ReadonlySet<string>): Law {
  const surplus = letters.filter(({ key }) => !expected.has(key));
  return law('nothing-parked', 'nobody waits for an operator but what the torture has poisoned', surplus.map(({ context, key, error }) => `${context}: ${key}: ${error}`), `${letters.length} letters, all of them poisoned`);
}

const UNHANDLED = /unhandled|uncaught|TypeError|ReferenceError|RangeError/i;

export function logsAreClean(logs: ReadonlyMap<string, string>): Law {
  const lines = [...logs].flatMap(([app, text]) => text.split('\n').filter((line) => UNHANDLED.test(line)).map((line) => `${app}: ${line.slice(0, 300)}`));
  return law('logs-are-clean', 'no app has met an error that nobody handles', lines, `${logs.size} logs`);
}

/** `failures`: steps after which something did not come back. */
export function everythingRecovered(failures: readonly string[], faults: number): Law {
  return law('everything-recovered', 'after every fault a new order is taken, shipped, mailed and found', failures, `${faults} faults`);
}
