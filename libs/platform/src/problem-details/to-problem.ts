import { HttpException } from '@nestjs/common';
import { DatabaseError, isTransient, sqlState, STATEMENT_CANCELLED } from '@nestbox/database';
import { ContractError, DomainError } from '@nestbox/kernel';
import { problem } from './problem.js';
import type { Problem } from './problem.js';

const domainStatus = { conflict: 409, rule: 422, missing: 404 } as const;
// Emptying takes a while, and everybody who was sent away comes again.
const FULL = { detail: 'The service takes nothing more until what it took before has been passed on. Nothing was stored.', retryAfter: 10 };
const UNAVAILABLE = { detail: 'The service cannot do this just now. Nothing was lost: try again.', retryAfter: 1 };

/** What a person is told about a failure. Whatever nobody meant for them becomes a bare 500. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) return problem(domainStatus[error.kind], { code: error.code, detail: error.message });
  if (error instanceof HttpException) return fromHttpException(error);
  if (error instanceof DatabaseError) return fromDatabaseError(error);
  if (error instanceof ContractError) return problem(422, { code: 'CONTRACT_BROKEN', detail: error.message });
  if (isEventingError(error)) return fromEventingError(error);
  // PostgreSQL takes no \u0000 and no half of a surrogate pair: the sender's text, whatever let it through.
  if (['22021', '22P05'].includes(sqlState(error) ?? '')) {
    return problem(400, { code: 'TEXT_NOT_STORABLE', detail: 'A text holds a character that cannot be stored.' });
  }
  if (sqlState(error) === '23505') return problem(409, { code: 'ALREADY_EXISTS', detail: 'Somebody else was first: look again.' });
  // A person may well try again what was cancelled: unlike a consumer, nobody queues up behind them.
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
    default:
      return problem(500);
  }
}

/** Told by its name: this library may not import the one that throws it. */
function isEventingError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && error.name === 'EventingError' && 'code' in error;
}

/** An event that this context may not publish is a fault of its code: trying again would not help. */
function fromEventingError({ code }: { code: string }): Problem {
  if (code === 'EVENT_INVALID') return problem(500);
  if (code === 'OUTBOX_FULL') return problem(503, { code, ...FULL });
  return problem(503, { code, ...UNAVAILABLE });
}
