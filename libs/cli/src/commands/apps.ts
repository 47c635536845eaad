import { defineCommand } from '../command.js';
import type { App } from '../shop/app.js';
import { findAll, ofApps } from '../shop/shop.js';
import { table } from '../table.js';

interface Health {
  readonly status?: string;
  readonly reasons?: readonly string[];
}

export const apps = defineCommand({
  name: 'apps',
  summary: 'where the apps are, and whether they are ready',
  options: ofApps,
  async run({ options, env, signal }) {
    const found = await Promise.all(findAll(options.app, env).map((app) => stateOf(app, signal)));
    return {
      json: found,
      text: table(
        ['APP', 'ADDRESS', 'STATE'],
        found.map(({ app, url, state }) => [app, url, state]),
        '',
      ),
      failed: found.some(({ ready }) => !ready),
    };
  },
});

async function stateOf(app: App, signal: AbortSignal) {
  const { name, url } = app;
  try {
    const response = await app.send('/health/ready', { signal, patienceMs: 10_000 });
    const { reasons = [] } = (await response.json().catch(() => ({}))) as Health;
    return { app: name, url, ready: response.ok, state: response.ok ? 'ready' : `not ready: ${reasons.join('; ')}` };
  } catch (error) {
    signal.throwIfAborted();
    return { app: name, url, ready: false, state: (error as Error).message };
  }
}
