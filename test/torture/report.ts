import type { Law } from './laws.js';
import type { Step } from './plan.js';
import type { stages } from './probe.js';
import type { Recovery } from './probe.js';
import type { Duplicates } from './verdict.js';
import type { Sample } from './watch.js';

/** A step of the plan as it went. */
export interface Happened extends Step {
  readonly about: string;
  /** Seconds from the start of the load. */
  readonly began: number;
  readonly ended: number;
  readonly fired: boolean;
  readonly seen: string;
}

/** How a new order went, right after these steps had ended. */
export interface RoundRecovery {
  readonly after: readonly number[];
  readonly recovery: Recovery;
}

export type Verdict = 'held' | 'broken' | 'void';

export interface Report {
  readonly version: 2;
  readonly verdict: Verdict;
  readonly command: string;
  readonly broker: string;
  readonly seed: number;
  readonly minutes: number;
  readonly startedAt: string;
  readonly interrupted: boolean;
  readonly orders: number;
  /** Tries of customers that came to nothing and were made again. */
  readonly failedTries: number;
  readonly steps: readonly Happened[];
  readonly recoveries: readonly RoundRecovery[];
  readonly laws: readonly Law[];
  readonly duplicates: Duplicates;
  readonly samples: readonly Sample[];
}

/** Whatever else is so, a fault that did not happen has shown nothing; a law that was broken is broken all the same. */
export function verdictOf(laws: readonly Law[], steps: readonly Pick<Happened, 'fired'>[]): Verdict {
  if (laws.some(({ held }) => !held)) return 'broken';
  return steps.some(({ fired }) => !fired) ? 'void' : 'held';
}

export const exitCodes: Readonly<Record<Verdict, number>> = { held: 0, broken: 1, void: 3 };

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export type Recoveries = Readonly<Record<(typeof stages)[number], Spread | undefined>>;

export interface KindOfFault {
  readonly kind: string;
  readonly about: string;
  readonly injected: number;
  readonly fired: number;
  /** Of those that were alone: after several nobody can say to which of them a recovery belongs. */
  readonly recovery: Recoveries;
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1)! };
}

export function byKind(reports: readonly Pick<Report, 'steps' | 'recoveries'>[]): KindOfFault[] {
  const steps = reports.flatMap((report) => report.steps);
  const kinds = [...new Set(steps.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const own = steps.filter((step) => step.kind === kind);
    const alone = reports.flatMap(({ steps, recoveries }) =>
      recoveries.filter(({ after }) => after.length === 1 && steps.find(({ n }) => n === after[0])?.kind === kind),
    );
    return { kind, about: own[0]!.about, injected: own.length, fired: own.filter(({ fired }) => fired).length, recovery: spreadsOf(alone) };
  });
}

export function spreadsOf(recoveries: readonly RoundRecovery[]): Recoveries {
  const spread = (stage: (typeof stages)[number]) => spreadOf(recoveries.flatMap(({ recovery }) => recovery[stage] ?? []));
  return { taken: spread('taken'), shipped: spread('shipped'), mailed: spread('mailed'), found: spread('found') };
}

export const ofSeveral = (reports: readonly Pick<Report, 'recoveries'>[]): RoundRecovery[] =>
  reports.flatMap(({ recoveries }) => recoveries.filter(({ after }) => after.length > 1));

/** Orders a second between each sample and the one before. */
export function throughput(samples: readonly Sample[]): { at: number; perSecond: number }[] {
  return samples.slice(1).map(({ at, orders }, n) => {
    const before = samples[n]!;
    return { at, perSecond: (orders - before.orders) / Math.max(1, at - before.at) };
  });
}
