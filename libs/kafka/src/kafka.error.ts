import { setTimeout as pause } from 'node:timers/promises';
import { backOff, RECONNECT, withinMs } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';

/** Final answers: a retry would get the same one. */
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

/** Another member owns, or is about to own, the partition. */
const FENCED = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID']);

/** Kafka's name of the error; kafkajs may wrap it in several layers. */
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

/** Rejects with BROKER_UNAVAILABLE when `work` takes longer; the work itself is not stopped. */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  return withinMs(ms, () => work, () => {
    throw new EventingError('BROKER_UNAVAILABLE', `${what} took longer than ${ms} ms.`);
  });
}

/** The group's coordinator is being elected, or is still loading. */
const COORDINATOR_NOT_READY = new Set(['GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS', 'NOT_COORDINATOR_FOR_GROUP']);
const COORDINATOR_WAIT_MS = 10_000;

export function isCoordinatorNotReady(error: unknown): boolean {
  return COORDINATOR_NOT_READY.has(kafkaErrorType(error) ?? '');
}

/** Repeats a request while the coordinator is not ready, as on a new cluster; kafkajs does not. */
export async function withCoordinator<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + COORDINATOR_WAIT_MS;
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!isCoordinatorNotReady(error) || performance.now() > end) throw error;
      await pause(backOff(tries, RECONNECT));
    }
  }
}
