import { withinMs } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';

const DEFAULT_MS = 60_000;

/**
 * Rejects with HANDLER_TIMEOUT when a handler takes longer, so that its transaction is rolled back and its partition goes
 * on. What it still does afterwards can write nothing: its unit of work is over.
 */
export async function withinDeadline<T>(deadlines: readonly (number | undefined)[], work: () => Promise<T>): Promise<T> {
  const ms = Math.max(...deadlines.map((given) => given ?? DEFAULT_MS));
  return withinMs(ms, work, () => {
    throw new EventingError('HANDLER_TIMEOUT', `The handler took longer than ${ms} ms.`);
  });
}
