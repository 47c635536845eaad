import { EventingError } from '@nestbox/messaging';

/** What the brokers answer in the same way however often they are asked. */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'POLICY_VIOLATION',
]);

/** Somebody else has, or is about to have, the partition. */
const FENCED = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID']);

/** Kafka's name of the error, wherever kafkajs has wrapped it. */
export function kafkaErrorType(error: unknown): string | undefined {
  for (let e = error as { type?: string; cause?: unknown; errors?: unknown[] } | undefined; e; ) {
    if (typeof e.type === 'string') return e.type;
    e = (e.errors?.[0] ?? e.cause) as typeof e;
  }
  return undefined;
}

export function toEventingError(error: unknown): EventingError {
  if (error instanceof EventingError) return error;
  const type = kafkaErrorType(error);
  const { message } = error as Error;
  if (type !== undefined && REFUSALS.has(type)) {
    return new EventingError('PUBLISH_REFUSED', `Kafka refused (${type}): ${message}`, { cause: error });
  }
  if (type !== undefined && FENCED.has(type)) {
    return new EventingError('PARTITION_LOST', `The group has moved on (${type}).`, { cause: error });
  }
  return new EventingError('BROKER_UNAVAILABLE', `Kafka does not answer: ${message}`, { cause: error });
}
