import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from './fault.mjs';
import { logFile, passwordOf } from './home.mjs';
import { postgresBinaries } from './postgres/binaries.mjs';
import { createCluster } from './postgres/cluster.mjs';
import { postgresSettings } from './postgres/settings.mjs';
import { stopStaleServer } from './postgres/stale-server.mjs';
import { postgresIdentity } from './postgres/unprivileged.mjs';
import { startProcess } from './processes.mjs';

const startPatienceMs = 60_000;

/**
 * PostgreSQL out of its npm package, its data under <home>/postgres, kept across restarts.
 * @param {{ home: string, port: number, durable?: boolean, signal?: AbortSignal }} options
 *   durable: false trades safety for speed in tests; signal: gives up starting
 * @returns {Promise<{ url: string, port: number, pid: number, ended: Promise<unknown>, stop(): Promise<void> }>}
 *   url: superuser, database `postgres`
 */
export async function startPostgres({ home, port, durable = true, signal }) {
  const binaries = postgresBinaries();
  const identity = postgresIdentity();
  const data = join(home, 'postgres');
  const password = passwordOf(home, 'postgres');
  await createCluster({ binaries, identity, home, data, password });
  await stopStaleServer(data);

  const log = logFile(home, 'postgres');
  const settings = Object.entries(postgresSettings({ port, durable })).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const server = startProcess({
    name: 'postgres',
    home,
    log,
    // Quick, and its workers go with it: it recovers from its log at the next start.
    lastResort: 'SIGQUIT',
    // initdb's locale is C.UTF-8 by PostgreSQL's own tables: the machine's locales must not matter.
    env: { ...process.env, LC_ALL: 'C', PGDATA: '' },
    ...identity.wrap(binaries.postgres, ['-D', data, ...settings], [data]),
  });
  await untilReady(server, data, log, signal);
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: /** @type {number} */ (server.child.pid),
    ended: server.ended,
    stop: () => server.stop('SIGINT', 20_000),
  };
}

/**
 * @param {import('./processes.mjs').RunningProcess} server
 * @param {string} data
 * @param {string} log
 * @param {AbortSignal} [signal]
 */
async function untilReady(server, data, log, signal) {
  const deadline = Date.now() + startPatienceMs;
  while (Date.now() < deadline && !signal?.aborted) {
    if (!server.running()) {
      await server.ended;
      throw new Fault(`PostgreSQL did not start: ${lastComplaint(log)} (whole log: ${log})`);
    }
    if (saysReady(data, server.child.pid)) return;
    await pause(25);
  }
  await server.stop('SIGINT');
  signal?.throwIfAborted();
  throw new Fault(`PostgreSQL was not ready within ${startPatienceMs / 1000} s: see ${log}`);
}

/** The eighth line of postmaster.pid is the server's state: what pg_ctl waits for too. */
function saysReady(/** @type {string} */ data, /** @type {number | undefined} */ pid) {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** @param {string} log */
function lastComplaint(log) {
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  return lines.reverse().find((line) => /FATAL|ERROR|could not/.test(line)) ?? lines[0] ?? 'no word of why';
}
