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
  /** It hits everybody: no other fault may run beside it. */
  readonly alone?: boolean;
  /** How often it comes while others come once. */
  readonly often?: number;
  /** The apps that are its own while it lasts. By default the one that its target begins with; nobody's where it is alone. */
  readonly touches?: (target: string) => readonly string[];
  /** Absent: on every broker. */
  readonly broker?: BrokerKind;
  /** Only when asked for with --disk. */
  readonly needsDisk?: boolean;
}

export interface Step {
  readonly n: number;
  /** About so many seconds from the start of the load: rounds begin as the shop has recovered from the last one. */
  readonly at: number;
  readonly kind: string;
  readonly target: string;
  readonly holdSeconds: number;
  /** Two steps of a round that touch the same app come one after the other. */
  readonly touches: readonly string[];
  /** For what the fault decides itself. */
  readonly seed: number;
}

export interface PlanOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly broker: BrokerKind;
  readonly only?: readonly string[];
  readonly disk: boolean;
  /** How many faults at most run at the same time. */
  readonly atOnce: number;
}

/** Faults that run beside each other, or one alone. After each round the shop has to recover. */
export type Round = readonly Step[];

/** The load runs in peace for so long first: there has to be something to lose. */
export const PEACE_SECONDS = 5;
/** What a fault takes beside the time that it is held, and what a recovery mostly takes. */
const AROUND_SECONDS = 2;
const BREATH_SECONDS = 3;
/** Faults in a round, for each that may run at once: more would only make it longer until the shop must have recovered. */
const STEPS_OF_A_LANE = 5;
/** So many faults of those that can run beside others are made alone: only there a recovery can be told from others. */
const ALONE_EVERY = 20;

/** Endless. Every kind comes, in an order of the seed, before all come again. */
export function* roundsOf(kinds: readonly FaultKind[], { seed, broker, only, disk, atOnce }: PlanOptions): Generator<Round, void> {
  const random = new Random(seed);
  const eligible = kinds.filter((one) => isMeant(one, broker, only, disk));
  let [n, at] = [1, PEACE_SECONDS];
  while (eligible.length > 0) {
    const bag = random.shuffled(eligible.flatMap((one) => Array.from({ length: one.often ?? 1 }, () => one)));
    for (const kindsOfRound of inRounds(bag, atOnce, random)) {
      const round = stepsOf(kindsOfRound, { n, at }, random);
      yield round;
      n += round.length;
      at += secondsOf(round, atOnce);
    }
  }
}

/** The steps of the rounds that fit into the minutes, if each takes about as long as expected. */
export function planOf(kinds: readonly FaultKind[], options: PlanOptions): Step[] {
  const steps: Step[] = [];
  for (const round of roundsOf(kinds, options)) {
    const fitting = round.filter((step) => step.at + step.holdSeconds <= options.minutes * 60);
    steps.push(...fitting);
    if (fitting.length < round.length) break;
  }
  return steps;
}

/** Those that bear company in rounds of many; between these, one at a time, those that do not, and some that do. */
function inRounds(bag: readonly FaultKind[], atOnce: number, random: Random): FaultKind[][] {
  const company = bag.filter(({ alone }) => !alone && atOnce > 1);
  const together = company.filter((_, n) => n % ALONE_EVERY !== 0);
  const apart = random.shuffled([...bag.filter(({ alone }) => alone || atOnce === 1), ...company.filter((_, n) => n % ALONE_EVERY === 0)]);
  const count = Math.max(1, Math.ceil(together.length / (STEPS_OF_A_LANE * atOnce)));
  const part = <T>(all: readonly T[], n: number) => all.slice(Math.ceil((all.length * n) / count), Math.ceil((all.length * (n + 1)) / count));
  const rounds = Array.from({ length: count }, (_, n) => [part(together, n), ...part(apart, n).map((one) => [one])]);
  return rounds.flat().filter(({ length }) => length > 0);
}

function stepsOf(kinds: readonly FaultKind[], { n, at }: Pick<Step, 'n' | 'at'>, random: Random): Round {
  const load = new Map<string, number>();
  const loadOf = (touches: readonly string[]) => Math.max(0, ...touches.map((app) => load.get(app) ?? 0));
  return kinds.map(({ kind, targets, holds, alone, touches = alone ? nobody : firstWord }, i) => {
    // Of two the one that has less to bear in this round: otherwise all would wait for the turn of one app.
    const [one, other] = [random.pick(targets), random.pick(targets)];
    const target = loadOf(touches(other)) < loadOf(touches(one)) ? other : one;
    const step = { n: n + i, at, kind, target, holdSeconds: random.between(...holds), touches: touches(target), seed: random.between(1, 1_000_000) };
    for (const app of step.touches) load.set(app, (load.get(app) ?? 0) + step.holdSeconds);
    return step;
  });
}

const firstWord = (target: string): string[] => [target.split(/[ .]/)[0]!];
const nobody = (): string[] => [];

function secondsOf(round: Round, atOnce: number): number {
  const each = round.map(({ holdSeconds }) => holdSeconds + AROUND_SECONDS);
  const sum = each.reduce((total, one) => total + one, 0);
  return Math.ceil(Math.max(...each, sum / atOnce)) + BREATH_SECONDS;
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
