import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../fault.mjs';

/** An answer that trying again cannot better. */
export class Refusal extends Error {
  /** @param {number} status @param {{ code?: string, detail?: string }} problem */
  constructor(status, problem) {
    super(`${status} ${problem.code ?? ''} ${problem.detail ?? ''}`.trim());
    this.code = problem.code;
  }
}

const patienceMs = 30_000;

/**
 * @param {Record<string, number>} ports
 * @param {string} token of an operator
 * @param {AbortSignal} signal
 */
export function shopClient(ports, token, signal) {
  const at = (/** @type {string} */ app, /** @type {string} */ path) => `http://127.0.0.1:${ports[app]}${path}`;

  /** @param {string} app @param {string} path @param {RequestInit} [init] */
  const once = async (app, path, init) => {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    const response = await fetch(at(app, path), { ...init, headers: { ...init?.headers, authorization: `Bearer ${token}` }, signal: timeout });
    const body = /** @type {any} */ (await response.json().catch(() => ({})));
    if (response.ok) return body;
    if (response.status < 500 && response.status !== 409) throw new Refusal(response.status, body);
    throw new Error(`${app} answers ${response.status}`);
  };

  /**
   * As a patient customer: an app that restarts or is busy is asked again, with the same key.
   * @param {string} app
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<any>} shaped as the app's /docs say
   */
  const ask = async (app, path, init = {}) => {
    const deadline = performance.now() + patienceMs;
    for (let wait = 100; ; wait = Math.min(2_000, wait * 2)) {
      try {
        return await once(app, path, init);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Refusal || performance.now() > deadline) throw error;
        await pause(wait, undefined, { signal });
      }
    }
  };

  return {
    /** @param {string} app @param {string} path */
    get: (app, path) => ask(app, path),
    /** @param {string} app @param {string} path @param {object} body */
    put: (app, path, body) => ask(app, path, json('PUT', body)),
    /** @param {string} app @param {string} path @param {object} body @param {string} key */
    post: (app, path, body, key) => ask(app, path, json('POST', body, { 'idempotency-key': key })),
    async requireOpen() {
      await once('checkout', '/health/live').catch(() => {
        signal.throwIfAborted();
        const url = at('checkout', '');
        throw new Fault(`No shop answers at ${url}: start it with "npm start", or say where it is with PORT_BASE`);
      });
    },
  };
}

/** @typedef {ReturnType<typeof shopClient>} ShopClient */

/** @param {string} method @param {object} body @param {Record<string, string>} [headers] */
function json(method, body, headers = {}) {
  return { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
