import { sqlState } from './database.error.js';

// Connection exceptions, insufficient resources, operator intervention (server shutting down, crashed, starting).
const STATE_CLASSES = new Set(['08', '53', '57']);
// Serialisation failure, deadlock, lock not available, read-only transaction: a failover has come to a server that only follows.
const STATES = new Set(['40001', '40P01', '55P03', '25006']);
/**
 * A statement was cancelled, mostly by its deadline. The cause may be the statement itself; then every retry fails. So limit
 * the number of retries.
 */
export const STATEMENT_CANCELLED = '57014';
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
// pg's own errors have no code.
const PG_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client (has encountered a connection error|was closed))/;
// Closed for a while by ALLOW_CONNECTIONS; its SQLSTATE, 55000, stands for much that is no trouble of the machine.
const CLOSED = /^database .* is not currently accepting connections$/;
// TypeORM releases a broken connection; the next statement then fails with one of these.
const CONNECTION_GONE = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError']);
const DATABASE_ERRORS = new Set(['VERSION_CONFLICT', 'COMMIT_OUTCOME_UNKNOWN', 'TRANSACTION_ROLLED_BACK', 'TOO_MANY_WAITING']);
const DEPTH = 5;

/** An error, or one that it wraps. */
export type Failure = Partial<Record<'code' | 'name' | 'message' | 'driverError' | 'cause' | 'errors', unknown>>;

/** True for infrastructure failures: the same operation may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  for (const link of failuresIn(error)) if (isTransientItself(link)) return true;
  return false;
}

/** Like `isTransient`, but for one item of `failuresIn`. */
export function isTransientItself({ name, code, message }: Failure): boolean {
  const state = sqlState({ code });
  if (state && state !== STATEMENT_CANCELLED && (STATE_CLASSES.has(state.slice(0, 2)) || STATES.has(state))) return true;
  if (typeof code === 'string' && SOCKET_CODES.has(code)) return true;
  if (name === 'DatabaseError' && DATABASE_ERRORS.has(String(code))) return true;
  return CONNECTION_GONE.has(String(name)) || (typeof message === 'string' && (PG_MESSAGES.test(message) || CLOSED.test(message)));
}

/** The error and the errors that it wraps, outermost first: by TypeORM's `driverError`, `cause`, or AggregateError. */
export function* failuresIn(error: unknown): Iterable<Failure> {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < DEPTH; depth++) {
    const link: Failure = at;
    yield link;
    at = link.driverError ?? link.cause ?? (Array.isArray(link.errors) ? link.errors[0] : undefined);
  }
}
