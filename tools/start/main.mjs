import { report } from '../fault.mjs';
import { nestboxHome } from '../home.mjs';
import { lockHome } from '../lock.mjs';
import { portBase, portsFrom } from '../ports.mjs';
import { stopLeftovers } from '../processes.mjs';
import { Progress, seconds } from '../progress.mjs';
import { appsOfTheHouse } from './apps.mjs';
import { writeAddresses } from './doors.mjs';
import { asExports, environmentOf } from './environment.mjs';
import { requireFreePorts } from './free-ports.mjs';
import { wipe } from './fresh.mjs';
import { install, installIsStale } from './install.mjs';
import { interruption } from './interruption.mjs';
import { help, readOptions } from './options.mjs';
import { openShop } from './shop.mjs';
import { summary } from './summary.mjs';

/** @typedef {ReturnType<typeof readOptions>} Options */

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function main(args) {
  try {
    const contexts = appsOfTheHouse();
    const options = readOptions(args, contexts);
    if (options.help) process.stdout.write(help);
    else if (options.env !== undefined) printEnvironment(options.env, options.broker);
    else await runShop(options, contexts);
    return 0;
  } catch (error) {
    return report(error);
  }
}

/** @param {string} app @param {'postgres' | 'kafka'} broker */
function printEnvironment(app, broker) {
  const kafkaBrokers = process.env.KAFKA_BROKERS || undefined;
  const shop = { home: nestboxHome(), ports: portsFrom(portBase()), broker, kafkaBrokers };
  process.stdout.write(asExports(environmentOf(app, shop)));
}

/** @param {Options} options @param {string[]} contexts */
async function runShop(options, contexts) {
  const base = portBase();
  const home = nestboxHome();
  const release = lockHome(home, base);
  const progress = new Progress(process.stdout);
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  const signal = interruption({
    onFirst: (reason) => progress.line(`Stopping after ${reason}; Ctrl-C again kills.`),
    onSecond: release,
  });
  try {
    const apps = contexts.filter((app) => !options.without.includes(app));
    const broker = await open({
      options,
      contexts,
      apps,
      base,
      home,
      progress,
      signal,
      onStop: (stop) => stops.push(stop),
    });
    progress.line(summary({ apps, ports: portsFrom(base), home, base, broker }));
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    // Last started, first stopped: apps, mail catcher, broker, PostgreSQL.
    for (const stop of stops.reverse()) await stop();
    progress.end();
    release();
  }
}

/**
 * @param {{ options: Options, contexts: string[], apps: string[], base: number, home: string,
 *   progress: import('../progress.mjs').Progress, signal: AbortSignal,
 *   onStop: (stop: () => Promise<unknown>) => void }} given
 */
async function open({ options, contexts, apps, base, home, progress, signal, onStop }) {
  const { broker, verbose } = options;
  if (installIsStale()) await progress.step('npm ci', () => install(signal));
  const began = performance.now();
  const leftovers = await stopLeftovers(home);
  if (leftovers.length > 0) progress.line(`  stopped what an earlier shop had left running: ${leftovers.join(', ')}`);
  if (options.fresh) wipe(home);
  const ownKafka = broker === 'kafka' && !process.env.KAFKA_BROKERS;
  await requireFreePorts(base, [...apps, 'smtp', 'postgres', ...(ownKafka ? ['kafka', 'kafkaController'] : [])]);
  const opening = { home, ports: portsFrom(base), broker, verbose, contexts, apps, progress, signal, onStop };
  writeAddresses(opening);
  const description = await openShop(opening);
  progress.line(`\nNestbox is ready after ${seconds(began)}. Ctrl-C stops it.`);
  return description;
}

/** @param {AbortSignal} signal @returns {Promise<void>} */
function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
