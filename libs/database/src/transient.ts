import { sqlState } from './database.error.js';

// Connection exceptions, out of resources, operator intervention (the server going down, crashed, starting).
const STATE_CLASSES = new Set(['08', '53', '57']);
// Serialisation failure, deadlock, lock not available.
const STATES = new Set(['40001', '40P01', '55P03']);
/**
 * A statement was cancelled, mostly by its own deadline: as likely the statement's fault as the machine's, and then it
 * fails every time. Whoever must not wait for ever has to count such tries.
 */
export const STATEMENT_CANCELLED = '57014';
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
// pg gives its own failures no code.
const PG_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client (has encountered a connection error|was closed))/;
// TypeORM lets go of a connection that breaks under it; the next statement then ends with one of these.
const CONNECTION_GONE = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError']);
const DATABASE_ERRORS = new Set(['VERSION_CONFLICT', 'COMMIT_OUTCOME_UNKNOWN', 'TRANSACTION_ROLLED_BACK']);
const DEPTH = 5;

/** An error, or one that it wraps. */
export type Failure = Partial<Record<'code' | 'name' | 'message' | 'driverError' | 'cause' | 'errors', unknown>>;

/** True for failures of the machine, whatever was being done: the same may well succeed a moment later. */
export function isTransient(error: unknown): boolean {
  for (const link of failuresIn(error)) if (isTransientItself(link)) return true;
  return false;
}

/** As `isTransient`, of one link of `failuresIn`, for those who look for other things on the way. */
export function isTransientItself({ name, code, message }: Failure): boolean {
  const state = sqlState({ code });
  if (state && state !== STATEMENT_CANCELLED && (STATE_CLASSES.has(state.slice(0, 2)) || STATES.has(state))) return true;
  if (typeof code === 'string' && SOCKET_CODES.has(code)) return true;
  if (name === 'DatabaseError' && DATABASE_ERRORS.has(String(code))) return true;
  return CONNECTION_GONE.has(String(name)) || (typeof message === 'string' && PG_MESSAGES.test(message));
}

/** The error and what it wraps, from the outermost in: TypeORM, AggregateError and `cause` each have their own way. */
export function* failuresIn(error: unknown): Iterable<Failure> {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < DEPTH; depth++) {
    const link: Failure = at;
    yield link;
    at = link.driverError ?? link.cause ?? (Array.isArray(link.errors) ? link.errors[0] : undefined);
  }
}
