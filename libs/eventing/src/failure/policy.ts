import type { Verdict } from './classify.js';

export interface RetryOptions {
  /** Tries before the event is parked; those that failed by the machine's fault are not counted. Default 5. */
  readonly attempts?: number;
  /** Wait after the first failure, in ms; doubles with each further one. Default 100. */
  readonly firstDelayMs?: number;
  /** No single wait in place is longer than this, in ms. Default 5000. */
  readonly longestDelayMs?: number;
}

export interface RetryPolicy extends Required<RetryOptions> {
  /** False: an event may be overtaken by later ones of its key, so it never holds them up. */
  readonly ordered: boolean;
}

/** How often one event has failed so far, the last failure included. */
export interface Tally {
  readonly failures: number;
  /** Of those, the ones that use up attempts. */
  readonly counted: number;
}

/** `again`: in place, after a wait. `later`: out of the way, back after a wait. `park`: until an operator acts. */
export type Decision = { readonly then: 'again' | 'later'; readonly delayMs: number } | { readonly then: 'park' };

export function policyOf({ retry = {}, ordered = true }: { retry?: RetryOptions; ordered?: boolean }): RetryPolicy {
  return { attempts: 5, firstDelayMs: 100, longestDelayMs: 5_000, ...retry, ordered };
}

export function count(tally: Tally, verdict: Verdict): Tally {
  return { failures: tally.failures + 1, counted: tally.counted + (verdict === 'transient' ? 0 : 1) };
}

export function decide(policy: RetryPolicy, verdict: Verdict, { failures, counted }: Tally): Decision {
  if (verdict === 'permanent' || verdict === 'refused') return { then: 'park' };
  // The exponent is capped: the machine may be down for days.
  const doubling = Math.min(policy.firstDelayMs * 2 ** Math.min(failures - 1, 30), policy.longestDelayMs);
  if (verdict === 'transient') return { then: 'again', delayMs: doubling };
  if (typeof verdict === 'object' && !policy.ordered) return { then: 'later', delayMs: verdict.retryLaterMs };
  if (counted >= policy.attempts) return { then: 'park' };
  const wanted = typeof verdict === 'object' ? Math.min(verdict.retryLaterMs, policy.longestDelayMs) : doubling;
  return { then: 'again', delayMs: wanted };
}

/** Undefined when the options can be lived by, otherwise what is wrong with them. */
export function faultIn({ attempts = 5, firstDelayMs = 100, longestDelayMs = 5_000 }: RetryOptions): string | undefined {
  if (!Number.isInteger(attempts) || attempts < 1) return 'retry.attempts must be a whole number from 1';
  if (!(firstDelayMs >= 0 && longestDelayMs >= firstDelayMs && longestDelayMs <= MAX_DELAY_MS)) {
    return `retry delays must satisfy 0 <= firstDelayMs <= longestDelayMs <= ${MAX_DELAY_MS}`;
  }
  return undefined;
}

// A partition waits meanwhile: more than this is no retry in place but a parked key.
const MAX_DELAY_MS = 60_000;
