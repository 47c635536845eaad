import type { BrokerKind } from '../support/brokers.js';
import { Random } from './random.js';

/** What the plan has to know of a fault, and no more. */
export interface FaultKind {
  readonly kind: string;
  readonly about: string;
  /** Who can be hit by it. */
  readonly targets: readonly string[];
  /** Seconds that it lasts. */
  readonly holds: readonly [least: number, most: number];
  /** Absent: on every broker. */
  readonly broker?: BrokerKind;
  /** Only when asked for with --disk. */
  readonly needsDisk?: boolean;
}

export interface Step {
  readonly n: number;
  /** Seconds from the start of the load. A fault never comes before the shop has recovered from the last one. */
  readonly at: number;
  readonly kind: string;
  readonly target: string;
  readonly holdSeconds: number;
  /** For what the fault decides itself. */
  readonly seed: number;
}

export interface PlanOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly broker: BrokerKind;
  readonly only?: readonly string[];
  readonly disk: boolean;
}

/** The load runs in peace for so long first: there has to be something to lose. */
const PEACE_SECONDS = 5;
/** Between the end of a fault and the next one: what a recovery mostly takes. */
const BREATH_SECONDS = 6;

/** Every kind comes once, in an order of the seed, before any comes twice. */
export function planOf(kinds: readonly FaultKind[], { seed, minutes, broker, only, disk }: PlanOptions): Step[] {
  const random = new Random(seed);
  const eligible = kinds.filter((one) => isMeant(one, broker, only, disk));
  const steps: Step[] = [];
  let bag: FaultKind[] = [];
  for (let at = PEACE_SECONDS; eligible.length > 0; ) {
    if (bag.length === 0) bag = random.shuffled(eligible);
    const { kind, targets, holds } = bag.shift()!;
    const step = { n: steps.length + 1, at, kind, target: random.pick(targets), holdSeconds: random.between(...holds), seed: random.between(1, 1_000_000) };
    if (at + step.holdSeconds > minutes * 60) break;
    steps.push(step);
    at += step.holdSeconds + BREATH_SECONDS;
  }
  return steps;
}

function isMeant({ kind, broker: own, needsDisk }: FaultKind, broker: BrokerKind, only: readonly string[] | undefined, disk: boolean): boolean {
  if (own !== undefined && own !== broker) return false;
  if (needsDisk && !disk) return false;
  return only === undefined || only.includes(kind);
}

export function planText(steps: readonly Step[]): string {
  const lines = steps.map(({ n, at, kind, target, holdSeconds }) => [`${n}.`.padStart(4), clock(at), kind.padEnd(22), target.padEnd(20), `${holdSeconds} s`].join('  '));
  return lines.join('\n') || 'No fault fits into so short a run.';
}

export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}
