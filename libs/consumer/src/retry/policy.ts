import { backOff, RECONNECT } from '@nestbox/kernel';
import type { Verdict } from './classify.js';

export interface RetryOptions {
  /** Attempts before the event becomes a dead letter. Transient failures do not count. Default 6. */
  readonly attempts?: number;
  /** How many of the attempts are made at once, while the partition waits. Default 2. */
  readonly inPlace?: number;
  /** Wait, in ms, before the first attempt that is not in place. Doubles with each further one. Default 500. */
  readonly firstDelayMs?: number;
  /** Longest wait between two attempts, in ms. Default 60 000. */
  readonly longestDelayMs?: number;
}

export interface RetryPolicy extends Required<RetryOptions> {
  /** False: later events of the key do not wait for a failed one. */
  readonly ordered: boolean;
}

/** How often one event has failed so far, including the last failure. */
export interface Tally {
  readonly failures: number;
  /** The failures that count as attempts. */
  readonly counted: number;
}

/**
 * `again`: try in place after a wait. `later`: park the event (with its key, if ordered) and retry it automatically after a
 * wait. `park`: park it until an operator acts.
 */
export type Decision = { readonly then: 'again' | 'later'; readonly delayMs: number } | { readonly then: 'park' };

const DEFAULTS = { attempts: 6, inPlace: 2, firstDelayMs: 500, longestDelayMs: 60_000 };
/** For parked events. */
const TRANSIENT_LATER_MS = 5_000;
/** Short, because the partition waits. */
const IN_PLACE_MS = 20;
const MAX_DELAY_MS = 24 * 3_600_000;

export function policyOf({ retry = {}, ordered = true }: { retry?: RetryOptions; ordered?: boolean }): RetryPolicy {
  return { ...DEFAULTS, ...retry, ordered };
}

export function count(tally: Tally, verdict: Verdict): Tally {
  return { failures: tally.failures + 1, counted: tally.counted + (verdict === 'unknown' ? 1 : 0) };
}

export function decide(policy: RetryPolicy, verdict: Verdict, { failures, counted }: Tally): Decision {
  if (verdict === 'permanent' || verdict === 'refused') return { then: 'park' };
  if (verdict === 'transient') return { then: 'again', delayMs: transientDelay(policy, failures) };
  if (typeof verdict === 'object') return { then: 'later', delayMs: Math.min(verdict.retryLaterMs, MAX_DELAY_MS) };
  if (counted >= policy.attempts) return { then: 'park' };
  if (counted < policy.inPlace) return { then: 'again', delayMs: Math.min(IN_PLACE_MS, policy.firstDelayMs) };
  return { then: 'later', delayMs: laterDelay(policy, counted) };
}

/** As `decide`, for an event that is parked already: it is never tried in place. */
export function decideParked(policy: RetryPolicy, verdict: Verdict, counted: number): Decision {
  if (verdict === 'transient') return { then: 'later', delayMs: TRANSIENT_LATER_MS };
  const decision = decide(policy, verdict, { failures: counted, counted });
  return decision.then === 'again' ? { then: 'later', delayMs: policy.firstDelayMs } : decision;
}

/** Undefined when the options are valid, otherwise what is wrong with them. */
export function faultIn(options: RetryOptions): string | undefined {
  const { attempts, inPlace, firstDelayMs, longestDelayMs } = { ...DEFAULTS, ...options };
  if (!Number.isInteger(attempts) || attempts < 1) return 'retry.attempts must be a whole number from 1';
  if (!Number.isInteger(inPlace) || inPlace < 1) return 'retry.inPlace must be a whole number from 1';
  if (!(firstDelayMs >= 0 && longestDelayMs >= firstDelayMs && longestDelayMs <= MAX_DELAY_MS)) {
    return `retry delays must satisfy 0 <= firstDelayMs <= longestDelayMs <= ${MAX_DELAY_MS}`;
  }
  return undefined;
}

/** A transient failure affects all events, so parking one key would not help: the partition waits. */
function transientDelay({ longestDelayMs }: RetryPolicy, failures: number): number {
  return Math.min(backOff(failures - 1, RECONNECT), longestDelayMs);
}

function laterDelay({ inPlace, firstDelayMs: firstMs, longestDelayMs: longestMs }: RetryPolicy, counted: number): number {
  return backOff(counted - Math.max(inPlace, 1), { firstMs, longestMs });
}
