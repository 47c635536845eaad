import { setTimeout as pause } from 'node:timers/promises';
import { apps } from '../../support/shop-parts.js';
import type { FaultKind, Step } from '../plan.js';
import type { Stage } from '../stage.js';

/** What shows that a fault has happened; a run with one that did not happen is void. */
export interface Evidence {
  readonly fired: boolean;
  readonly seen: string;
}

export interface Fault extends FaultKind {
  /** Does it, holds it, takes it back. Whatever happens, it leaves nothing broken behind. */
  inject(stage: Stage, step: Step): Promise<Evidence>;
}

/** Ends early when the run is to end. */
export async function hold({ signal }: Stage, { holdSeconds }: Pick<Step, 'holdSeconds'>): Promise<void> {
  await pause(holdSeconds * 1_000, undefined, { signal }).catch(() => undefined);
}

/** Those that an order passes: of a fault of another nobody would notice anything. */
export const contexts: readonly string[] = apps.filter((app) => app !== 'accounts');
/** Those that have something to say on every order. */
export const publishers = ['checkout', 'inventory', 'payments', 'fulfilment', 'shipping'];

/** What shows a fault may need something that passes: it is held longer until it is there. */
const MORE_SECONDS = 20;

/** Holds the fault, and longer while there is no sign that anybody has met it. Resolves with the last sign. */
export async function holdUntilMet<Sign extends number>(stage: Stage, step: Step, signOf: () => Sign | Promise<Sign>): Promise<Sign> {
  await hold(stage, step);
  for (const end = Date.now() + MORE_SECONDS * 1_000; ; await hold(stage, { holdSeconds: 0.2 })) {
    const sign = await signOf();
    if (sign > 0 || Date.now() > end || stage.signal.aborted) return sign;
  }
}

/** A member that is silent for longer is given up: longer than the shop's sessions (8 s) and leases. */
export const LONGER_THAN_A_SESSION: readonly [number, number] = [10, 13];
