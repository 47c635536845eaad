import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileTests } from '../build/test-parts.mjs';
import { startPostgres } from '../embedded-postgres.mjs';
import { Fault, report } from '../fault.mjs';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';
import { install, installIsStale } from '../start/install.mjs';
import { interruption } from '../start/interruption.mjs';
import { freePorts } from '../test/some-ports.mjs';
import { temporaryHome } from '../test/temporary-home.mjs';
import { mountSmallDisk } from './small-disk.mjs';

/** @typedef {{ home: string, signal: AbortSignal, postgres: RestartablePostgres }} Ground */
/** @typedef {{ kill(): Promise<void>, start(): Promise<void> }} RestartablePostgres */

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function main(args) {
  try {
    if (installIsStale()) await install(new AbortController().signal);
    await build();
    const { expect } = await import('expect');
    Object.assign(globalThis, { expect });
    // In a variable: the compiler is asked to read the tools alone, not the tests.
    const command = join(await compileTests(), 'torture', 'main.js');
    const { torture } = await import(command);
    return await torture(args, { Fault, withGround });
  } catch (error) {
    return report(error);
  }
}

async function build() {
  await run(process.execPath, [join(repository, 'tools', 'build.mjs'), '--quiet']);
}

/**
 * A PostgreSQL that may be shot at and a home for everything else; both are gone afterwards.
 * @param {(ground: Ground) => Promise<number>} work
 * @param {{ smallDisk: boolean }} options
 * @returns {Promise<number>}
 */
async function withGround(work, { smallDisk }) {
  const { home, remove } = await temporaryHome();
  const unmount = smallDisk ? mountOn(join(home, 'disk'), remove) : () => undefined;
  const place = smallDisk ? join(home, 'disk') : home;
  const signal = interruption({
    onFirst: (reason) => console.error(`Stopping after ${reason}; the report tells what was. Ctrl-C again kills.`),
    onSecond: remove,
  });
  const [port = 0] = await freePorts(1);
  let postgres = await startPostgres({ home: place, port, durable: true });
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.NESTBOX_TEST_HOME = home;
  const restartable = {
    async kill() {
      // Immediate: no checkpoint, no word to anybody who is connected.
      process.kill(postgres.pid, 'SIGQUIT');
      await postgres.ended;
    },
    async start() {
      postgres = await startPostgres({ home: place, port, durable: true });
    },
  };
  try {
    return await work({ home: place, signal, postgres: restartable });
  } finally {
    await postgres.stop();
    unmount();
    remove();
  }
}

/** @param {string} place @param {() => void} remove what there is to remove if that fails */
function mountOn(place, remove) {
  mkdirSync(place);
  try {
    return mountSmallDisk(place);
  } catch (error) {
    remove();
    throw error;
  }
}
