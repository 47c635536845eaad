import { HttpException } from '@nestjs/common';
import { DatabaseError, isTransient, sqlState, STATEMENT_CANCELLED } from '@nestbox/database';
import { ContractError, DomainError } from '@nestbox/kernel';
import { problem } from './problem.js';
import type { Problem } from './problem.js';

const domainStatus = { conflict: 409, rule: 422, missing: 404 } as const;
// The outbox takes a while to drain, and rejected callers retry.
const FULL = { detail: 'The service takes nothing more until what it took before has been passed on. Nothing was stored.', retryAfter: 10 };
const UNAVAILABLE = { detail: 'The service cannot do this just now. Nothing was lost: try again.', retryAfter: 1 };

const BUSY = { detail: 'More requests wait than can be served in good time. Nothing was stored: try again later.', retryAfter: 5 };
// As nginx has it, for its log: nobody is there to get it.
const CLIENT_CLOSED_REQUEST = 499;

/** The public description of a failure. An unexpected error becomes a 500 without details. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) return problem(domainStatus[error.kind], { code: error.code, detail: error.message });
  if (error instanceof HttpException) return fromHttpException(error);
  if (error instanceof DatabaseError) return fromDatabaseError(error);
  if (error instanceof ContractError) return problem(422, { code: 'CONTRACT_BROKEN', detail: error.message });
  if (isEventingError(error)) return fromEventingError(error);
  // PostgreSQL refuses \u0000 and lone surrogates: the sender's text is at fault.
  if (['22021', '22P05'].includes(sqlState(error) ?? '')) {
    return problem(400, { code: 'TEXT_NOT_STORABLE', detail: 'A text holds a character that cannot be stored.' });
  }
  if (sqlState(error) === '23505') return problem(409, { code: 'ALREADY_EXISTS', detail: 'Somebody else was first: look again.' });
  // A caller may retry a cancelled statement: unlike in a consumer, nothing queues up behind it.
  if (isTransient(error) || sqlState(error) === STATEMENT_CANCELLED) return problem(503, { code: 'UNAVAILABLE', ...UNAVAILABLE });
  return problem(500);
}

function fromHttpException(error: HttpException): Problem {
  const status = error.getStatus();
  const body = error.getResponse();
  if (status === 500) return problem(500);
  if (typeof body === 'string') return problem(status, { detail: body });
  const { message, code, errors, reasons } = body as Problem & { message?: unknown };
  const detail = Array.isArray(message) ? message.join('; ') : message;
  return problem(status, { detail: typeof detail === 'string' ? detail : undefined, code, errors, reasons });
}

function fromDatabaseError(error: DatabaseError): Problem {
  switch (error.code) {
    case 'VERSION_CONFLICT':
      return problem(409, { code: error.code, detail: 'Somebody else changed this at the same moment: look again.' });
    case 'COMMIT_OUTCOME_UNKNOWN':
      return problem(503, { code: error.code, detail: 'It is not known whether this was stored: ask again by id.', retryAfter: 1 });
    case 'TRANSACTION_ROLLED_BACK':
      return problem(503, { code: error.code, ...UNAVAILABLE });
    case 'TOO_MANY_WAITING':
      return problem(503, { code: error.code, ...BUSY });
    case 'CALLER_GONE':
      return problem(CLIENT_CLOSED_REQUEST, { code: error.code });
    default:
      return problem(500);
  }
}

/** Recognised by name, because platform must not import eventing. */
function isEventingError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && error.name === 'EventingError' && 'code' in error;
}

/** For an event that this context may not publish, and for a batch that cannot be read, a retry would not help. */
function fromEventingError({ code }: { code: string }): Problem {
  if (code === 'EVENT_INVALID') return problem(500);
  if (code === 'BATCH_UNREADABLE') return problem(500, { code, detail: 'What this asks for cannot be read from the broker: docs/errors.md tells what to do.' });
  if (code === 'OUTBOX_FULL') return problem(503, { code, ...FULL });
  return problem(503, { code, ...UNAVAILABLE });
}
