import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startTimeOf } from './process-identity.mjs';

/** Milliseconds before SIGKILL: an app takes up to 25 s to finish what it handles, and then leaves by itself. */
const patienceWithAStop = 30_000;

/** @type {Map<import('node:child_process').ChildProcess, NodeJS.Signals>} */
const alive = new Map();

/**
 * A child in a session of its own, so that Ctrl-C reaches the supervisor alone and children stop in its order.
 * Its pid and start time are kept under <home>/run until it has ended, for the next start to find leftovers by.
 * @param {{ name: string, home: string, command: string, args: string[], env?: NodeJS.ProcessEnv, cwd?: string,
 *   uid?: number, gid?: number, log?: string, stdio?: import('node:child_process').StdioOptions,
 *   lastResort?: NodeJS.Signals }} options lastResort: the signal that ends it at once
 */
export function startProcess({ name, home, command, args, env, cwd, uid, gid, log, stdio, lastResort = 'SIGKILL' }) {
  const logDescriptor = log ? openSync(log, 'a') : undefined;
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    uid,
    gid,
    detached: true,
    stdio: logDescriptor === undefined ? (stdio ?? 'ignore') : ['ignore', logDescriptor, logDescriptor],
  });
  if (logDescriptor !== undefined) closeSync(logDescriptor);
  alive.set(child, lastResort);
  const pidFile = child.pid === undefined ? undefined : recordPid(home, name, child.pid);
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null, error?: Error }>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).then((end) => {
    alive.delete(child);
    if (pidFile) rmSync(pidFile, { force: true });
    return end;
  });
  return {
    child,
    name,
    ended,
    running: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    /** @param {NodeJS.Signals} signal @param {number} patience milliseconds before SIGKILL */
    async stop(signal = 'SIGTERM', patience = patienceWithAStop) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** @typedef {ReturnType<typeof startProcess>} RunningProcess */

/** Without waiting, for when there is no time left; what they leave in <home>/run the next start cleans up. */
export function killEverything() {
  for (const [child, lastResort] of alive) child.kill(lastResort);
}

/** @param {string} home @param {string} name @param {number} pid */
function recordPid(home, name, pid) {
  const folder = join(home, 'run');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.pid`);
  writeFileSync(file, JSON.stringify({ pid, startTime: startTimeOf(pid) }));
  return file;
}

/**
 * Ends what a killed supervisor left behind. A pid that now belongs to another program is left alone.
 * @param {string} home
 * @returns {Promise<string[]>} names of the processes that were still alive
 */
export async function stopLeftovers(home) {
  const folder = join(home, 'run');
  const found = [];
  for (const { name, pid, startTime, file } of recordedPids(folder)) {
    if (startTime !== undefined && startTimeOf(pid) === startTime) {
      found.push(name);
      // PostgreSQL takes SIGTERM as "wait for clients"; SIGINT is its fast and still clean shutdown.
      await endByPid(pid, startTime, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    }
    rmSync(file, { force: true });
  }
  return found;
}

/** @param {string} folder */
function recordedPids(folder) {
  /** @type {string[]} */
  let files = [];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.pid'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
  // Apps before what they stand on.
  const rank = (/** @type {string} */ file) => (file === 'postgres.pid' ? 2 : file === 'kafka.pid' ? 1 : 0);
  files.sort((a, b) => rank(a) - rank(b));
  return files.map((file) => {
    const path = join(folder, file);
    let record = { pid: 0, startTime: undefined };
    try {
      record = JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      // A half-written record names nobody: it is only removed.
    }
    return { ...record, name: file.slice(0, -4), file: path };
  });
}

/** @param {number} pid @param {string} startTime @param {NodeJS.Signals} signal */
export async function endByPid(pid, startTime, signal) {
  const alive = () => startTimeOf(pid) === startTime;
  try {
    process.kill(pid, signal);
    for (let waited = 0; waited < patienceWithAStop && alive(); waited += 50) await pause(50);
    if (alive()) process.kill(pid, 'SIGKILL');
    while (alive()) await pause(20);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
