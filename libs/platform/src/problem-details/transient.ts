import { sqlState } from '@nestbox/database';

// Connection exceptions, out of resources, operator intervention (also a statement cancelled by its deadline).
const TRANSIENT_CLASSES = new Set(['08', '53', '57']);
// Serialisation failure, deadlock, lock not available.
const TRANSIENT_STATES = new Set(['40001', '40P01', '55P03']);
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
// pg gives its own failures no code.
const PG_MESSAGES = /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client (has encountered a connection error|was closed))/;

// TypeORM lets go of a connection that breaks under it; the next statement then ends with one of these.
const CONNECTION_GONE = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError']);

type Failure = Partial<Record<'code' | 'name' | 'message' | 'driverError' | 'cause' | 'errors', unknown>>;

/** True for failures of the machine that the same request may survive a moment later. */
export function isTransient(error: unknown): boolean {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { code, name, message, driverError, cause, errors }: Failure = at;
    const state = sqlState({ code });
    if (state && (TRANSIENT_CLASSES.has(state.slice(0, 2)) || TRANSIENT_STATES.has(state))) return true;
    if (CONNECTION_GONE.has(String(name)) || SOCKET_CODES.has(String(code)) || PG_MESSAGES.test(String(message))) return true;
    at = driverError ?? cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return false;
}
