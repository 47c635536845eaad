import { setTimeout as pause } from 'node:timers/promises';
import { sqlState } from '@nestbox/database';
import { backOff } from '@nestbox/kernel';
import type { MessageContract } from '@nestbox/kernel';
import { clean, describeFailure, EventingError, redactPersonal } from '@nestbox/messaging';
import type { EventMessage, FailedAttempt } from '@nestbox/messaging';
import { Logger } from '@nestjs/common';
import { classify } from './classify.js';
import { count, decide } from './policy.js';
import type { RetryPolicy } from './policy.js';

/** An event, and the handler method that it is for. */
export interface Tried {
  readonly message: EventMessage;
  readonly method: { readonly policy: RetryPolicy; readonly mark: { readonly id: string; readonly contract: MessageContract } };
}

/** Handles one event once: claim and effect in one transaction. */
export type Attempt<Task extends Tried> = (task: Task) => Promise<void>;
/** False when the consumer is stopping or has lost the partition. */
export type MayGoOn = () => boolean;

/** Why an event is not tried again in place. */
export interface Failure {
  readonly error: unknown;
  readonly attempts: readonly FailedAttempt[];
  /** Failures that count as attempts of the policy. */
  readonly counted: number;
  /** Retried automatically after this many ms; undefined: only when an operator redrives it. */
  readonly laterMs?: number;
}

const KEPT_ATTEMPTS = 20;
const logger = new Logger('Consumer');

export function isKeyParked(error: unknown): boolean {
  return sqlState(error) === 'NB001';
}

export function failureOf(error: unknown, traceId: string | null = null): Failure {
  return { error, attempts: [describeAttempt(error, traceId)], counted: 0 };
}

/**
 * Tries in place, as often as the handler's policy says, so that later events of the key do not overtake. Rejects with
 * PARTITION_LOST as soon as `mayGoOn` is false: the next consumer then gets the message.
 */
export async function tryInPlace<Task extends Tried>(task: Task, attempt: Attempt<Task>, mayGoOn: MayGoOn): Promise<'handled' | 'key parked' | Failure> {
  const attempts: FailedAttempt[] = [];
  for (let tally = { failures: 0, counted: 0 }; ; ) {
    refuseToGoOn(mayGoOn);
    try {
      await attempt(task);
      return 'handled';
    } catch (error) {
      if (isKeyParked(error)) return 'key parked';
      redactPersonal(error, task.method.mark.contract, task.message.data);
      const verdict = classify(error);
      tally = count(tally, verdict);
      attempts.push(describeAttempt(error, task.message.traceId));
      if (attempts.length > KEPT_ATTEMPTS) attempts.shift();
      logFailure(task, tally.failures, attempts.at(-1)!);
      const decision = decide(task.method.policy, verdict, tally);
      const { counted } = tally;
      if (decision.then === 'park') return { error, attempts, counted };
      if (decision.then === 'later') return { error, attempts, counted, laterMs: decision.delayMs };
      await waitWhile(mayGoOn, decision.delayMs);
    }
  }
}

/** Repeats work that must not be given up, such as parking, until it succeeds or `mayGoOn` is false. */
export async function insist<T>(what: string, work: () => Promise<T>, mayGoOn: MayGoOn): Promise<T> {
  for (let failures = 0; ; failures++) {
    refuseToGoOn(mayGoOn);
    try {
      return await work();
    } catch (error) {
      logger.error(`${what} failed and will be tried again: ${describeFailure(error).message}`);
      await waitWhile(mayGoOn, backOff(failures));
    }
  }
}

function describeAttempt(error: unknown, traceId: string | null): FailedAttempt {
  const { errorClass, code, message } = describeFailure(error);
  return { at: new Date().toISOString(), errorClass, code, message, traceId };
}

function refuseToGoOn(mayGoOn: MayGoOn): void {
  if (!mayGoOn()) throw new EventingError('PARTITION_LOST', 'The consumer is stopping, or its partition was taken away.');
}

/** Logs only powers of two: a message that fails for an hour leaves ten lines, not hundreds. */
function logFailure({ method, message }: Tried, failures: number, { message: text }: FailedAttempt): void {
  if ((failures & (failures - 1)) !== 0) return;
  const event = `${clean(message.eventType, 100)} ${message.eventId}`;
  logger.warn(`${method.mark.id} failed on ${event}, attempt ${failures}: ${text}`);
}

async function waitWhile(mayGoOn: MayGoOn, ms: number): Promise<void> {
  for (let left = ms; left > 0 && mayGoOn(); left -= 100) await pause(Math.min(left, 100));
}
