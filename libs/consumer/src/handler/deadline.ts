import { withinMs } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';

const DEFAULT_MS = 60_000;

/**
 * Rejects with HANDLER_TIMEOUT when a handler takes longer. Its transaction is rolled back and its partition continues.
 * The handler may still run, but it can write nothing more: its unit of work has ended.
 */
export async function withinDeadline<T>(deadlines: readonly (number | undefined)[], work: () => Promise<T>): Promise<T> {
  const ms = Math.max(...deadlines.map((given) => given ?? DEFAULT_MS));
  return withinMs(ms, work, () => {
    throw new EventingError('HANDLER_TIMEOUT', `The handler took longer than ${ms} ms.`);
  });
}
