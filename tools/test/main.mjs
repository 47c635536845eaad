import { join } from 'node:path';
import { startPostgres } from '../embedded-postgres.mjs';
import { Fault, report } from '../fault.mjs';
import { repository } from '../home.mjs';
import { anyKafka } from '../kafka/choose.mjs';
import { Progress } from '../progress.mjs';
import { run } from '../run.mjs';
import { install, installIsStale } from '../start/install.mjs';
import { interruption } from '../start/interruption.mjs';
import { runJest } from './jest.mjs';
import { endShops } from './shops.mjs';
import { freePorts } from './some-ports.mjs';
import { temporaryHome } from './temporary-home.mjs';
import { requireEveryTestToRun } from './unmatched.mjs';

/**
 * Sets up what the tests need, apart from any running shop, and runs jest with the given arguments.
 * @param {string[]} jestArguments
 * @returns {Promise<number>} exit code
 */
export async function main(jestArguments) {
  const progress = new Progress(process.stdout);
  const { home, remove } = await temporaryHome();
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  const signal = interruption({
    onFirst: (reason) => progress.line(`Stopping after ${reason}; Ctrl-C again kills.`),
    onSecond() {
      endShops(home);
      remove();
    },
  });
  try {
    const services = await prepare({ home, progress, signal, onStop: (stop) => stops.push(stop) });
    const result = await runJest({ home, jestArguments, signal, ...services });
    signal.throwIfAborted();
    return conclude(progress.line, { ...result, ...services, everything: jestArguments.length === 0 });
  } catch (error) {
    return signal.aborted ? 130 : report(error);
  } finally {
    endShops(home);
    for (const stop of stops.reverse()) await stop();
    progress.end();
    remove();
  }
}

/**
 * @param {{ home: string, progress: import('../progress.mjs').Progress, signal: AbortSignal,
 *   onStop: (stop: () => Promise<unknown>) => void }} given
 */
async function prepare({ home, progress, signal, onStop }) {
  if (installIsStale()) await progress.step('npm ci', () => install(signal));
  const [postgresPort = 0, kafkaPort = 0, controllerPort = 0] = await freePorts(3);
  const results = await Promise.allSettled([
    progress.step('PostgreSQL', async () => {
      const postgres = await startPostgres({ home, port: postgresPort, durable: false, signal });
      onStop(postgres.stop);
      return postgres.url;
    }),
    progress.step('Kafka', async (say) => {
      const kafka = await anyKafka({ home, port: kafkaPort, controllerPort, say, signal });
      onStop(kafka.stop);
      return kafka;
    }),
    progress.step('build', () =>
      run(process.execPath, [join(repository, 'tools', 'build.mjs'), '--quiet'], { signal }),
    ),
    progress.step('test files', () => requireEveryTestToRun(signal)),
  ]);
  const [postgres, kafka, ...others] = results;
  for (const result of [postgres, ...others]) if (result.status === 'rejected') throw result.reason;
  signal.throwIfAborted();
  return { databaseUrl: /** @type {PromiseFulfilledResult<string>} */ (postgres).value, ...kafkaFrom(kafka) };
}

/** @param {PromiseSettledResult<Awaited<ReturnType<typeof anyKafka>>>} result */
function kafkaFrom(result) {
  if (result.status === 'fulfilled') {
    return { kafkaBrokers: result.value.brokers, kafkaOrigin: result.value.origin, whyNoKafka: '' };
  }
  if (!(result.reason instanceof Fault)) throw result.reason;
  if (process.env.REQUIRE_KAFKA === '1') throw new Fault(`REQUIRE_KAFKA=1, but: ${result.reason.message}`);
  return { kafkaBrokers: undefined, kafkaOrigin: '', whyNoKafka: result.reason.message };
}

/**
 * The last words: which brokers, then the counts alone on a line, for machines to read.
 * @param {(text: string) => void} line
 * @param {Awaited<ReturnType<typeof runJest>> & ReturnType<typeof kafkaFrom> & { everything: boolean }} result
 * @returns {number} exit code
 */
function conclude(line, { passed, failed, skipped, exitCode, exercised, everything, kafkaOrigin, whyNoKafka }) {
  const origin = (/** @type {string} */ name) => (name === 'Apache Kafka' ? `, ${kafkaOrigin}` : '');
  const shown = exercised
    .filter(({ tests }) => tests > 0)
    .map(({ name, tests }) => `${name} (${tests} tests${origin(name)})`);
  line(`\nBrokers exercised: ${shown.join(', ') || 'none'}`);
  if (whyNoKafka) line(`*** KAFKA WAS NOT TESTED: ${whyNoKafka} ***`);
  const kafkaMissed = everything && !exercised.some(({ name, tests }) => name === 'Apache Kafka' && tests > 0);
  const isFailure = kafkaMissed && process.env.REQUIRE_KAFKA === '1';
  if (isFailure) line('REQUIRE_KAFKA=1, but no test ran on Apache Kafka');
  line(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return isFailure ? 1 : exitCode;
}
