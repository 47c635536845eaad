import { setTimeout as pause } from 'node:timers/promises';
import { backOff } from './back-off.mjs';

/**
 * Keeps what the apps stand on running: the broker and the database come back too when something kills them.
 * @template {{ ended: Promise<unknown>, stop(): Promise<void> }} Service
 * @param {{ name: string, start: () => Promise<Service>, tell: (text: string) => void }} options
 * @returns {Promise<{ first: Service, stop(): Promise<void> }>}
 */
export async function keepUp({ name, start, tell }) {
  const first = await start();
  let current = first;
  const stopped = new AbortController();
  const waits = backOff();

  const watch = async () => {
    for (;;) {
      const startedAt = performance.now();
      await current.ended;
      if (stopped.signal.aborted) return;
      const wait = waits.next(performance.now() - startedAt);
      tell(`${name} ended, starting again in ${wait / 1000} s`);
      await pause(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      try {
        current = await start();
        tell(`${name} is back`);
      } catch (error) {
        tell(/** @type {Error} */ (error).message);
      }
    }
  };

  const watching = watch();
  return {
    first,
    async stop() {
      stopped.abort();
      await current.stop();
      await watching;
      // A restart may have come through while it was being stopped.
      await current.stop();
    },
  };
}
