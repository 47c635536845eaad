import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../fault.mjs';
import { backOff } from './back-off.mjs';

const crashesBeforeGivingUp = 3;

/**
 * @typedef {{ name: string, launch: () => import('../processes.mjs').RunningProcess,
 *   problem: () => Promise<string | undefined>, tell: (text: string) => void, lastWords: () => string }} Charge
 *   problem: undefined once it does its work, otherwise one line; lastWords: why it ended, as far as it said
 */

/** One process, kept alive until it is stopped. */
export class Supervised {
  #stopped = new AbortController();
  #everReady = false;
  #crashes = 0;

  /** @param {Charge} charge */
  constructor(charge) {
    this.charge = charge;
    this.name = charge.name;
    this.current = charge.launch();
    this.alive = this.#keepAlive();
  }

  /** @param {AbortSignal} signal @param {number} patience milliseconds */
  async untilReady(signal, patience) {
    const deadline = performance.now() + patience;
    for (;;) {
      signal.throwIfAborted();
      if (this.#gaveUp()) throw new Fault(`${this.name} does not start: ${this.charge.lastWords()}`);
      const reason = this.current.running() ? await this.charge.problem() : 'starting again';
      if (reason === undefined) break;
      if (performance.now() > deadline)
        throw new Fault(`${this.name} is not ready after ${patience / 1000} s: ${reason}`);
      await pause(100);
    }
    this.#everReady = true;
  }

  async stop() {
    this.#stopped.abort();
    await this.current.stop();
    await this.alive;
  }

  async #keepAlive() {
    const waits = backOff();
    const { tell, launch } = this.charge;
    for (;;) {
      const startedAt = performance.now();
      const { code, signal, error } = await this.current.ended;
      if (this.#stopped.signal.aborted) return;
      this.#crashes += 1;
      if (this.#gaveUp()) return;
      const wait = waits.next(performance.now() - startedAt);
      tell(
        `${this.name} ended (${error?.message ?? signal ?? `exit code ${code}`}), starting again in ${wait / 1000} s`,
      );
      await pause(wait, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      this.current = launch();
      if (this.#everReady) void this.#announceRecovery();
    }
  }

  /** One that has never worked will not by being tried for ever; one that has, may. */
  #gaveUp() {
    return !this.#everReady && this.#crashes >= crashesBeforeGivingUp;
  }

  async #announceRecovery() {
    const mine = this.current;
    while (this.current === mine && mine.running()) {
      if ((await this.charge.problem()) === undefined) return this.charge.tell(`${this.name} is ready again`);
      await pause(250);
    }
  }
}
