import { setTimeout as pause } from 'node:timers/promises';

/** Repeats `check` until it stops throwing; at the deadline it throws the last failure. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  for (const end = performance.now() + timeoutMs; ; ) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(everyMs);
    }
  }
}
