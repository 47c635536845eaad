import { EventingError } from '../eventing.error.js';

/** Rejects with BROKER_UNAVAILABLE when `work` takes longer; the work itself goes on, unheard. */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new EventingError('BROKER_UNAVAILABLE', `${what} took longer than ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
