import { ContractError, DomainError } from '@nestbox/kernel';
import { RetryLater, Unprocessable } from './verdicts.js';

/**
 * What an error says about trying again. `permanent`: never better. `refused`: the business or the handler said no.
 * `transient`: the machine's trouble, whatever the event; not counted. `unknown`: counted tries.
 */
export type Verdict = 'permanent' | 'refused' | 'transient' | 'unknown' | { readonly retryLaterMs: number };

// Connection exceptions, and out of resources.
const TRANSIENT_CLASSES = new Set(['08', '53']);
// Serialisation failure, deadlock, lock not available, server going down, crashed or starting.
const TRANSIENT_CODES = new Set(['40001', '40P01', '55P03', '57P01', '57P02', '57P03']);
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
// pg gives its own failures no code.
const PG_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client (has encountered a connection error|was closed))/;
// TypeORM lets go of a connection that breaks under it; the next statement then ends with one of these.
const CONNECTION_GONE = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError']);
const TRANSIENT_BY_NAME: Readonly<Record<string, ReadonlySet<string>>> = {
  DatabaseError: new Set(['VERSION_CONFLICT', 'COMMIT_OUTCOME_UNKNOWN', 'TRANSACTION_ROLLED_BACK']),
  EventingError: new Set(['BROKER_UNAVAILABLE', 'PARTITION_LOST', 'LEASE_LOST', 'REGISTRY_UNAVAILABLE', 'SUBJECT_KEYS_UNAVAILABLE', 'OUTBOX_FULL']),
};
// A text that PostgreSQL cannot store: NUL, half a surrogate pair, bytes that are no UTF-8.
const UNSTORABLE_CODES = new Set(['22021', '22P05']);
const UNSTORABLE_MESSAGES = /invalid byte sequence|unsupported Unicode escape/;
const DEPTH = 5;

type Failure = Partial<Record<'code' | 'name' | 'message' | 'driverError' | 'cause' | 'errors', unknown>>;

/** Pure, total and quiet: takes anything that can be thrown, and does not throw itself. */
export function classify(error: unknown): Verdict {
  try {
    if (error instanceof RetryLater) return { retryLaterMs: delayOf(error) };
    if (error instanceof DomainError || error instanceof Unprocessable) return 'refused';
    for (const link of chain(error)) {
      if (link instanceof ContractError || isPermanent(link)) return 'permanent';
      if (isTransient(link)) return 'transient';
    }
  } catch {
    // An error whose getters throw says nothing that could be relied on.
  }
  return 'unknown';
}

function* chain(error: unknown): Iterable<Failure> {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < DEPTH; depth++) {
    const link: Failure = at;
    yield link;
    at = link.driverError ?? link.cause ?? (Array.isArray(link.errors) ? link.errors[0] : undefined);
  }
}

function isPermanent({ name, code, message }: Failure): boolean {
  if (name === 'EventingError' && code === 'RECORD_UNDECODABLE') return true;
  return UNSTORABLE_CODES.has(String(code)) || (typeof message === 'string' && UNSTORABLE_MESSAGES.test(message));
}

function isTransient({ name, code, message }: Failure): boolean {
  if (typeof code === 'string') {
    const isState = /^[0-9A-Z]{5}$/.test(code);
    if (isState && (TRANSIENT_CLASSES.has(code.slice(0, 2)) || TRANSIENT_CODES.has(code))) return true;
    if (SOCKET_CODES.has(code) || TRANSIENT_BY_NAME[String(name)]?.has(code)) return true;
  }
  return CONNECTION_GONE.has(String(name)) || (typeof message === 'string' && PG_MESSAGES.test(message));
}

function delayOf({ delayMs }: RetryLater): number {
  return Number.isFinite(delayMs) && delayMs > 0 ? delayMs : 0;
}
