import { EventingError } from '@nestbox/messaging';

/** Final SQLSTATEs: a retry would get the same error. */
const REFUSALS = new Map([
  ['42501', 'the role may not do that'],
  ['54000', 'a limit of PostgreSQL was exceeded'],
]);

export function toEventingError(error: unknown): EventingError {
  if (error instanceof EventingError) return error;
  const { code, message } = error as { code?: string; message?: string };
  const refusal = code === undefined ? undefined : REFUSALS.get(code);
  if (refusal) return new EventingError('PUBLISH_REFUSED', `The embedded log refused: ${refusal}.`, { cause: error });
  return new EventingError('BROKER_UNAVAILABLE', `The embedded log does not answer: ${message || code}.`, { cause: error });
}
