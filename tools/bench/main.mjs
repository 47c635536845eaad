import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { compileTests } from '../build/test-parts.mjs';
import { startPostgres } from '../embedded-postgres.mjs';
import { report } from '../fault.mjs';
import { repository } from '../home.mjs';
import { anyKafka } from '../kafka/choose.mjs';
import { run } from '../run.mjs';
import { install, installIsStale } from '../start/install.mjs';
import { interruption } from '../start/interruption.mjs';
import { freePorts } from '../test/some-ports.mjs';
import { temporaryHome } from '../test/temporary-home.mjs';

const help = `npm run bench -- [--only relay,consumer,write,latency,backlog,empty-poll,poison,tracing,codec,reading,recovery] [--rounds 3] [--json FILE]
Measures each target against its raw baseline in the same run, on PostgreSQL (fsync on) and real Kafka of its own.`;

/**
 * @param {string[]} benchArguments
 * @returns {Promise<number>} exit code
 */
export async function main(benchArguments) {
  if (benchArguments.includes('--help')) {
    console.log(help);
    return 0;
  }
  const { home, remove } = await temporaryHome();
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  const signal = interruption({ onFirst: () => console.error('Stopping.'), onSecond: remove });
  try {
    if (installIsStale()) await install(signal);
    const [postgresPort = 0, kafkaPort = 0, controllerPort = 0] = await freePorts(3);
    const postgres = await startPostgres({ home, port: postgresPort, durable: true, signal });
    stops.push(postgres.stop);
    const say = (/** @type {string} */ line) => console.error(line);
    const kafka = await anyKafka({ home, port: kafkaPort, controllerPort, say, signal, lasting: true });
    stops.push(kafka.stop);
    await build(signal);
    const env = { ...process.env, TEST_DATABASE_URL: postgres.url, KAFKA_BROKERS: kafka.brokers };
    return await bench(benchArguments, env, signal);
  } catch (error) {
    return signal.aborted ? 130 : report(error);
  } finally {
    for (const stop of stops.reverse()) await stop();
    remove();
  }
}

/** @param {AbortSignal} signal */
async function build(signal) {
  await run(process.execPath, [join(repository, 'tools', 'build.mjs'), '--quiet'], { signal });
  await compileTests();
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<number>}
 */
function bench(args, env, signal) {
  const script = join(repository, 'dist', 'test', 'bench', 'main.js');
  const child = spawn(process.execPath, [script, ...args], { env, stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
