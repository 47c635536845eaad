import { join } from 'node:path';
import { startPostgres } from '../embedded-postgres.mjs';
import { passwordOf, repository } from '../home.mjs';
import { anyKafka } from '../kafka/choose.mjs';
import { run } from '../run.mjs';
import { together } from '../together.mjs';
import { superviseApp } from './app-process.mjs';
import { createDatabases } from './databases.mjs';
import { environmentOf } from './environment.mjs';
import { keepUp } from './keep-up.mjs';
import { superviseMailCatcher } from './mail-process.mjs';
import { migrateAll } from './migrate.mjs';

const appPatience = 120_000;

/**
 * @typedef {{ home: string, ports: Record<string, number>, broker: 'postgres' | 'kafka', verbose: boolean,
 *   contexts: string[], apps: string[], progress: import('../progress.mjs').Progress, signal: AbortSignal,
 *   onStop: (stop: () => Promise<unknown>) => void }} Opening contexts: all, apps: those to run
 */

/**
 * Brings up everything in the order in which it is needed. Whatever has been started is handed to onStop at once.
 * @param {Opening} opening
 * @returns {Promise<string>} what the broker is
 */
export async function openShop(opening) {
  const [kafka] = await together(opening.signal, (signal) => [
    startBroker({ ...opening, signal }),
    prepareDatabase({ ...opening, signal }),
  ]);
  await startApps(opening, kafka?.brokers);
  return kafka ? `Kafka at ${kafka.brokers} (${kafka.origin})` : 'log in PostgreSQL, database "broker"';
}

/** @param {Opening} opening */
async function startBroker({ broker, home, ports, progress, signal, onStop }) {
  if (broker === 'postgres') return undefined;
  const { kafka: port = 0, kafkaController: controllerPort = 0 } = ports;
  return progress.step('Kafka', async (say) => {
    const start = () => anyKafka({ home, port, controllerPort, say, signal });
    const { first, stop } = await keepUp({ name: 'Kafka', start, tell: progress.line });
    onStop(stop);
    return first;
  });
}

/** @param {Opening} opening */
async function prepareDatabase({ home, ports, contexts, progress, signal, onStop }) {
  const { postgres: port = 0 } = ports;
  const passwordFor = (/** @type {string} */ role) => passwordOf(home, role);
  await together(signal, (inner) => [
    progress.step('PostgreSQL', async () => {
      const start = () => startPostgres({ home, port, signal: inner });
      const { first, stop } = await keepUp({ name: 'PostgreSQL', start, tell: progress.line });
      onStop(stop);
      await createDatabases({ url: first.url, passwordFor, contexts });
    }),
    progress.step('build', () => buildQuietly(inner)),
  ]);
  signal.throwIfAborted();
  await progress.step('migrations', () => migrateAll({ server: `127.0.0.1:${port}`, passwordFor, contexts, signal }));
}

/** @param {AbortSignal} signal */
async function buildQuietly(signal) {
  await run(process.execPath, [join(repository, 'tools', 'build.mjs'), '--quiet'], { signal });
}

/** @param {Opening} opening @param {string | undefined} kafkaBrokers */
async function startApps({ home, ports, broker, verbose, apps, progress, signal, onStop }, kafkaBrokers) {
  signal.throwIfAborted();
  const tell = progress.line;
  await progress.step('mail catcher', async () => {
    const catcher = superviseMailCatcher({ home, port: ports.smtp ?? 0, tell });
    onStop(() => catcher.stop());
    await catcher.untilReady(signal, appPatience);
  });
  await progress.step('apps', async (say) => {
    const running = apps.map((app) =>
      superviseApp({
        app,
        home,
        environment: environmentOf(app, { home, ports, broker, kafkaBrokers }),
        verbose,
        tell,
      }),
    );
    onStop(() => Promise.all(running.map((app) => app.stop())));
    const waiting = new Set(apps);
    const sayWho = () => {
      const others = waiting.size > 0 ? `, waiting for ${[...waiting].join(', ')}` : '';
      say(`${apps.length - waiting.size}/${apps.length} ready${others}`);
    };
    sayWho();
    await together(signal, (inner) =>
      running.map(async (app) => {
        await app.untilReady(inner, appPatience);
        waiting.delete(app.name);
        sayWho();
      }),
    );
  });
}
