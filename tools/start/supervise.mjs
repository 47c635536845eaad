import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../fault.mjs';
import { backOff } from './back-off.mjs';

const crashesBeforeGivingUp = 3;

/**
 * Keeps one process alive until it is stopped.
 * @param {{ name: string, launch: () => import('../processes.mjs').RunningProcess,
 *   problem: () => Promise<string | undefined>, tell: (text: string) => void, lastWords: () => string }} options
 *   problem: undefined once it does its work, otherwise one line; lastWords: why it ended, as far as it said
 */
export function supervise({ name, launch, problem, tell, lastWords }) {
  const waits = backOff();
  const stopped = new AbortController();
  let current = launch();
  let everReady = false;
  let crashes = 0;

  const keepAlive = async () => {
    for (;;) {
      const startedAt = performance.now();
      const { code, signal, error } = await current.ended;
      if (stopped.signal.aborted) return;
      crashes += 1;
      if (!everReady && crashes >= crashesBeforeGivingUp) return;
      const wait = waits.next(performance.now() - startedAt);
      const how = error ? error.message : (signal ?? `exit code ${code}`);
      tell(`${name} ended (${how}), starting again in ${wait / 1000} s`);
      await pause(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      current = launch();
      if (everReady) void announceRecovery();
    }
  };

  const announceRecovery = async () => {
    const mine = current;
    while (current === mine && mine.running()) {
      if ((await problem()) === undefined) return tell(`${name} is ready again`);
      await pause(250);
    }
  };

  const alive = keepAlive();
  return {
    name,
    /** @param {AbortSignal} signal @param {number} patience milliseconds */
    async untilReady(signal, patience) {
      const deadline = performance.now() + patience;
      for (;;) {
        signal.throwIfAborted();
        if (crashes >= crashesBeforeGivingUp) throw new Fault(`${name} does not start: ${lastWords()}`);
        const reason = current.running() ? await problem() : 'starting again';
        if (reason === undefined) break;
        if (performance.now() > deadline) throw new Fault(`${name} is not ready after ${patience / 1000} s: ${reason}`);
        await pause(100);
      }
      everReady = true;
    },
    async stop() {
      stopped.abort();
      await current.stop();
      await alive;
    },
  };
}

/** @typedef {ReturnType<typeof supervise>} Supervised */
