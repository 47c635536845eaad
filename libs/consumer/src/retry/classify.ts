import { failuresIn, isTransientItself } from '@nestbox/database';
import type { Failure } from '@nestbox/database';
import { ContractError, DomainError } from '@nestbox/kernel';

/**
 * Thrown by a handler that cannot handle the event yet. It gets the event again after `delayMs` (at most a day), as often as it
 * throws this. Until then later events of the key wait, unless the handler has `ordered: false`. Other keys never wait.
 */
export class RetryLater extends Error {
  constructor(
    readonly delayMs: number,
    message = 'The handler asked for another try later.',
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'RetryLater';
  }
}

/** Thrown by a handler that can never handle this event: it is parked at once. */
export class Unprocessable extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'Unprocessable';
  }
}

/**
 * Whether to try again after an error. `permanent`: it would fail again. `refused`: a business rule or the handler refuses the
 * event. `transient`: a technical failure that is not the event's fault, and does not count as an attempt. `unknown`: counts.
 */
export type Verdict = 'permanent' | 'refused' | 'transient' | 'unknown' | { readonly retryLaterMs: number };

const BROKER_CODES = new Set(['BROKER_UNAVAILABLE', 'PARTITION_LOST', 'LEASE_LOST', 'REGISTRY_UNAVAILABLE', 'SUBJECT_KEYS_UNAVAILABLE', 'OUTBOX_FULL']);
// Texts that PostgreSQL cannot store: NUL, half a surrogate pair, invalid UTF-8.
const UNSTORABLE_CODES = new Set(['22021', '22P05']);
const UNSTORABLE_MESSAGES = /invalid byte sequence|unsupported Unicode escape/;

/** Accepts any thrown value. Never throws. */
export function classify(error: unknown): Verdict {
  try {
    if (error instanceof RetryLater) return { retryLaterMs: delayOf(error) };
    if (error instanceof DomainError || error instanceof Unprocessable) return 'refused';
    for (const link of failuresIn(error)) {
      if (link instanceof ContractError || isPermanent(link)) return 'permanent';
      if (isTransientItself(link) || isOfBroker(link)) return 'transient';
    }
  } catch {
    // An error whose getters throw cannot be classified.
  }
  return 'unknown';
}

function isPermanent({ name, code, message }: Failure): boolean {
  if (name === 'EventingError' && (code === 'RECORD_UNDECODABLE' || code === 'BATCH_UNREADABLE')) return true;
  return UNSTORABLE_CODES.has(String(code)) || (typeof message === 'string' && UNSTORABLE_MESSAGES.test(message));
}

function isOfBroker({ name, code }: Failure): boolean {
  return name === 'EventingError' && BROKER_CODES.has(String(code));
}

function delayOf({ delayMs }: RetryLater): number {
  return Number.isFinite(delayMs) && delayMs > 0 ? delayMs : 0;
}
