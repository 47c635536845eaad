import { join } from 'node:path';
import { Fault, report } from '../fault.mjs';
import { repository } from '../home.mjs';
import { Progress, seconds } from '../progress.mjs';
import { interruption } from '../start/interruption.mjs';
import { temporaryHome } from '../test/temporary-home.mjs';
import { faultOf, needsKafka, needsPostgres, readBugs } from './bugs.mjs';
import { copyRepository } from './copy.mjs';
import { help, readOptions } from './options.mjs';
import { startServices } from './services.mjs';
import { runSpecs } from './test-runs.mjs';
import { tryBug } from './try-bug.mjs';

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function main(args) {
  try {
    const options = readOptions(args);
    const bugs = options.helpWanted ? [] : await chosenBugs(options);
    if (options.helpWanted) process.stdout.write(help);
    else if (options.list) for (const { name, bug } of bugs) process.stdout.write(`${name}: ${bug}\n`);
    else return await plantAll(bugs, options);
    return 0;
  } catch (error) {
    return report(error);
  }
}

/** @param {ReturnType<typeof readOptions>} options */
async function chosenBugs({ only, unit }) {
  const all = await readBugs(repository);
  const faults = all.flatMap((bug) => faultOf(bug, repository) ?? []);
  if (faults.length > 0) throw new Fault(faults.join('\n'));
  const named = only.length === 0 ? all : all.filter(({ name }) => only.some((part) => name.includes(part)));
  const chosen = unit ? named.filter((bug) => !needsPostgres(bug)) : named;
  if (chosen.length === 0) throw new Fault('No bug is called so: "npm run planted -- --list" names them all', 2);
  return chosen;
}

/** @param {import('./bugs.mjs').Bug[]} bugs @param {ReturnType<typeof readOptions>} options */
async function plantAll(bugs, options) {
  const progress = new Progress(process.stdout);
  const { home, remove } = await temporaryHome();
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  const signal = interruption({
    onFirst: (reason) => progress.line(`Stopping after ${reason}; Ctrl-C again kills.`),
    onSecond: remove,
  });
  try {
    const copies = Array.from({ length: Math.min(options.jobs, bugs.length) }, (_, n) => join(home, `copy-${n + 1}`));
    const given = { home, progress, signal, onStop: (/** @type {() => Promise<unknown>} */ stop) => stops.push(stop) };
    const [services] = await Promise.all([startServices(bugs, given), ...copies.map(copyRepository)]);
    signal.throwIfAborted();
    const able = services.kafkaBrokers ? bugs : bugs.filter((bug) => !needsKafka(bug));
    await progress.step('the tests, without any bug', () => passWithout(able, { copy: copies[0] ?? '', home, services, signal }));
    return await tryAll(able, copies, { home, progress, services, signal, show: options.show, leftOut: bugs.length - able.length });
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    for (const stop of stops.reverse()) await stop();
    progress.end();
    remove();
  }
}

/**
 * A test that fails anyway notices nothing.
 * @param {import('./bugs.mjs').Bug[]} bugs
 * @param {{ copy: string, home: string, services: import('./test-runs.mjs').Services, signal: AbortSignal }} given
 */
async function passWithout(bugs, given) {
  const specs = [...new Set(bugs.flatMap((bug) => bug.specs))];
  const { failed, broken, output } = await runSpecs({ ...given, specs, workers: 2, stopAtFirst: false });
  if (failed.length + broken.length === 0) return;
  throw new Fault(`${output}\nWithout any bug these fail already: ${[...failed, ...broken].join(', ')}`);
}

/**
 * @param {import('./bugs.mjs').Bug[]} bugs
 * @param {string[]} copies
 * @param {import('./try-bug.mjs').Given & { leftOut: number }} given
 * @returns {Promise<number>} exit code
 */
async function tryAll(bugs, copies, given) {
  const since = performance.now();
  const waiting = bugs.values();
  /** @type {string[]} */
  const survivors = [];
  let tried = 0;
  await Promise.all(
    copies.map(async (copy) => {
      for (const bug of waiting) {
        const noticed = await tryBug(bug, copy, given, () => `${++tried}/${bugs.length}`);
        if (!noticed) survivors.push(bug.name);
      }
    }),
  );
  const { line } = given.progress;
  if (given.leftOut > 0) line(`*** ${given.leftOut} BUGS WERE LEFT OUT: they need Kafka ***`);
  for (const name of survivors) line(`No test notices ${name}`);
  line(`${bugs.length - survivors.length} caught, ${survivors.length} survived (${seconds(since)})`);
  return survivors.length > 0 ? 1 : 0;
}
