import { setTimeout as pause } from 'node:timers/promises';
import type { Customer } from '../support/customer.js';
import type { Shop } from '../support/shop.js';
import { faults } from './faults/index.js';
import { commandOf } from './options.js';
import type { TortureOptions } from './options.js';
import { clock, planOf } from './plan.js';
import type { Step } from './plan.js';
import { recoveryOf, stages } from './probe.js';
import { verdictOf } from './report.js';
import type { Happened, Report } from './report.js';
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
  const steps = await inTurn(planOf(faults, options), stage, passed, tell);
  await until(options.minutes * 60, passed, signal);
  tell('No more orders; the shop comes to rest.');
  const customerErrors = await errorsOf(visits);
  await watch.stop();
  tell('The books are looked at.');
  const recoveryFailures = steps.flatMap((step) => missingOf(step));
  const { laws, duplicates } = await judgeShop({ shop, watch, customerErrors, recoveryFailures, faults: steps.length, poisoned });
  return {
    version: 1,
    verdict: verdictOf(laws, steps),
    command: commandOf(options),
    ...{ broker: options.broker, seed: options.seed, minutes: options.minutes },
    startedAt: startedAt.toISOString(),
    interrupted: signal.aborted,
    orders: shop.purchases.length,
    failedTries: triesOf(shop),
    ...{ steps, laws, duplicates, samples: watch.samples },
  };
}

const triesOf = ({ customers }: Shop) => customers.reduce((sum, { failedTries }) => sum + failedTries, 0);

async function inTurn(plan: readonly Step[], stage: Stage, passed: () => number, tell: (text: string) => void): Promise<Happened[]> {
  const happened: Happened[] = [];
  for (const step of plan) {
    await until(step.at, passed, stage.signal);
    if (stage.signal.aborted) break;
    happened.push(await happen(step, stage, passed, tell));
  }
  return happened;
}

async function happen(step: Step, stage: Stage, passed: () => number, tell: (text: string) => void): Promise<Happened> {
  const fault = faults.find(({ kind }) => kind === step.kind)!;
  tell(`${step.n}. ${step.kind} ${step.target}`);
  const began = passed();
  const evidence = await fault.inject(stage, step).catch((error: Error) => ({ fired: false, seen: `failed: ${error.message}` }));
  const ended = passed();
  const recovery = await recoveryOf(stage.shop);
  const times = stages.map((name) => `${name} ${recovery[name] === undefined ? 'NEVER' : `${recovery[name]} ms`}`);
  tell(`   ${evidence.fired ? '' : 'DID NOT HAPPEN: '}${evidence.seen}; ${times.join(', ')}`);
  return { ...step, about: fault.about, began, ended, ...evidence, recovery };
}

function missingOf({ n, kind, target, recovery, seen }: Happened): string[] {
  const missing = stages.filter((name) => recovery[name] === undefined);
  const failed = seen.startsWith('failed: ') ? [`${n}. ${kind} ${target} ${seen}`] : [];
  return missing.length > 0 ? [...failed, `${n}. ${kind} ${target}: a new order was not ${missing.join(', ')}`] : failed;
}

async function until(seconds: number, passed: () => number, signal: AbortSignal): Promise<void> {
  const left = Math.max(0, seconds - passed()) * 1_000;
  await pause(left, undefined, { signal }).catch(() => undefined);
}

async function errorsOf(visits: readonly ReturnType<Customer['goShopping']>[]): Promise<string[]> {
  const ends = await Promise.allSettled(visits.map((visit) => visit.stop()));
  return ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).message] : []));
}
