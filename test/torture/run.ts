import { setTimeout as pause } from 'node:timers/promises';
import type { Customer } from '../support/customer.js';
import type { Shop } from '../support/shop.js';
import { faults } from './faults/index.js';
import { commandOf } from './options.js';
import type { TortureOptions } from './options.js';
import { clock, PEACE_SECONDS, roundsOf } from './plan.js';
import { stages } from './probe.js';
import { verdictOf } from './report.js';
import type { Report, RoundRecovery } from './report.js';
import { Rounds } from './rounds.js';
import { openShop } from './stage.js';
import type { PostgresServer, Stage } from './stage.js';
import { judgeShop } from './verdict.js';
import { Watch } from './watch.js';

export interface Ground {
  readonly home: string;
  readonly signal: AbortSignal;
  readonly postgres: PostgresServer;
}

/** One run, from the start of a shop to its report. */
export async function runTorture(options: TortureOptions, ground: Ground, say: (text: string) => void): Promise<Report> {
  say(`A shop is started, on ${options.broker}.`);
  const { shop, links } = await openShop(options.broker, ground.home);
  try {
    return await tortureShop(options, { ...ground, shop, links, poisoned: new Set() }, say);
  } finally {
    await shop.stop();
    await Promise.all([...links.values()].map((link) => link.close()));
  }
}

async function tortureShop(options: TortureOptions, stage: Stage, say: (text: string) => void): Promise<Report> {
  const { shop, signal, poisoned } = stage;
  const startedAt = new Date();
  const passed = () => (Date.now() - startedAt.getTime()) / 1_000;
  const tell = (text: string) => say(`${clock(passed())}  ${String(shop.purchases.length).padStart(5)} orders  ${text}`);
  const shoppers = [1, 2].map(() => shop.customer());
  const visits = shoppers.map((customer) => customer.goShopping(options.rate / 2));
  const watch = new Watch(shop, passed);
  const secondsLeft = () => options.minutes * 60 - passed();
  await rest(PEACE_SECONDS, signal);
  const rounds = new Rounds(stage, { passed, secondsLeft, atOnce: options.atOnce, tell });
  for (const round of roundsOf(faults, options)) if (!(await rounds.run(round))) break;
  await rest(secondsLeft(), signal);
  tell('No more orders; the shop comes to rest.');
  const customerErrors = await errorsOf(visits);
  await watch.stop();
  tell('The books are looked at.');
  const { steps, recoveries } = rounds;
  const recoveryFailures = [...steps.filter(({ seen }) => seen.startsWith('failed: ')).map(({ n, kind, target, seen }) => `${n}. ${kind} ${target} ${seen}`), ...recoveries.flatMap(missingOf)];
  const { laws, duplicates } = await judgeShop({ shop, watch, customerErrors, recoveryFailures, faults: steps.length, poisoned });
  return {
    version: 2,
    verdict: verdictOf(laws, steps),
    command: commandOf(options),
    ...{ broker: options.broker, seed: options.seed, minutes: options.minutes },
    startedAt: startedAt.toISOString(),
    interrupted: signal.aborted,
    orders: shop.purchases.length,
    failedTries: triesOf(shop),
    ...{ steps, recoveries, laws, duplicates, samples: watch.samples },
  };
}

const triesOf = ({ customers }: Shop) => customers.reduce((sum, { failedTries }) => sum + failedTries, 0);

function missingOf({ after, recovery }: RoundRecovery): string[] {
  const missing = stages.filter((name) => recovery[name] === undefined);
  return missing.length > 0 ? [`after ${after.join(', ')}: a new order was not ${missing.join(', ')}`] : [];
}

async function rest(seconds: number, signal: AbortSignal): Promise<void> {
  await pause(Math.max(0, seconds) * 1_000, undefined, { signal }).catch(() => undefined);
}

async function errorsOf(visits: readonly ReturnType<Customer['goShopping']>[]): Promise<string[]> {
  const ends = await Promise.allSettled(visits.map((visit) => visit.stop()));
  return ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).message] : []));
}
