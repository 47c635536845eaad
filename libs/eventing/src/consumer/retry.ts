import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { EventingError } from '../eventing.error.js';
import type { Task } from './lane.js';

/** Does something with one message until it has succeeded. */
export type Retry = (task: Task, attempt: () => Promise<void>) => Promise<void>;

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
const logger = new Logger('Consumer');

/**
 * Retries in place with doubling delays: later events of the key must not overtake. Ends with PARTITION_LOST as soon as
 * `mayGoOn` says no, so that a stopping consumer leaves the message to the next one.
 */
export function retryInPlace(mayGoOn: () => boolean): Retry {
  return async (task, attempt) => {
    for (let count = 1, delayMs = FIRST_DELAY_MS; ; count++, delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
      if (!mayGoOn()) throw new EventingError('PARTITION_LOST', 'The consumer is stopping, or its partition was taken away.');
      try {
        return await attempt();
      } catch (error) {
        logFailure(task, count, error as Error);
        await waitWhile(mayGoOn, delayMs);
      }
    }
  };
}

/** Powers of two only: a message that fails for an hour leaves ten lines, not hundreds. */
function logFailure({ method, message }: Task, attempt: number, error: Error): void {
  if ((attempt & (attempt - 1)) !== 0) return;
  const { eventId, eventType } = message;
  logger.warn(`${method.mark.id} failed on ${eventType} ${eventId}, attempt ${attempt}: ${error?.message ?? String(error)}`);
}

async function waitWhile(mayGoOn: () => boolean, ms: number): Promise<void> {
  for (let left = ms; left > 0 && mayGoOn(); left -= 100) await pause(Math.min(left, 100));
}
