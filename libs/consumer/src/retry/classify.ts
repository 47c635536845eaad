import { failuresIn, isTransientItself } from '@nestbox/database';
import type { Failure } from '@nestbox/database';
import { ContractError, DomainError } from '@nestbox/kernel';
import { RetryLater, Unprocessable } from './verdicts.js';

/**
 * What an error says about trying again. `permanent`: never better. `refused`: the business or the handler said no.
 * `transient`: the machine's trouble, whatever the event; not counted. `unknown`: counted tries.
 */
export type Verdict = 'permanent' | 'refused' | 'transient' | 'unknown' | { readonly retryLaterMs: number };

const BROKER_CODES = new Set(['BROKER_UNAVAILABLE', 'PARTITION_LOST', 'LEASE_LOST', 'REGISTRY_UNAVAILABLE', 'SUBJECT_KEYS_UNAVAILABLE', 'OUTBOX_FULL']);
// A text that PostgreSQL cannot store: NUL, half a surrogate pair, bytes that are no UTF-8.
const UNSTORABLE_CODES = new Set(['22021', '22P05']);
const UNSTORABLE_MESSAGES = /invalid byte sequence|unsupported Unicode escape/;

/** Pure, total and quiet: takes anything that can be thrown, and does not throw itself. */
export function classify(error: unknown): Verdict {
  try {
    if (error instanceof RetryLater) return { retryLaterMs: delayOf(error) };
    if (error instanceof DomainError || error instanceof Unprocessable) return 'refused';
    for (const link of failuresIn(error)) {
      if (link instanceof ContractError || isPermanent(link)) return 'permanent';
      if (isTransientItself(link) || isOfBroker(link)) return 'transient';
    }
  } catch {
    // An error whose getters throw says nothing that could be relied on.
  }
  return 'unknown';
}

function isPermanent({ name, code, message }: Failure): boolean {
  if (name === 'EventingError' && code === 'RECORD_UNDECODABLE') return true;
  return UNSTORABLE_CODES.has(String(code)) || (typeof message === 'string' && UNSTORABLE_MESSAGES.test(message));
}

function isOfBroker({ name, code }: Failure): boolean {
  return name === 'EventingError' && BROKER_CODES.has(String(code));
}

function delayOf({ delayMs }: RetryLater): number {
  return Number.isFinite(delayMs) && delayMs > 0 ? delayMs : 0;
}
