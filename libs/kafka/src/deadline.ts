import { withinMs } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';

/** Rejects with BROKER_UNAVAILABLE when `work` takes longer; the work itself goes on, unheard. */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  return withinMs(ms, () => work, () => {
    throw new EventingError('BROKER_UNAVAILABLE', `${what} took longer than ${ms} ms.`);
  });
}
