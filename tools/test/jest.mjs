import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../home.mjs';
import { exercisedBrokers } from './exercised.mjs';

export const jestCommand = [join(repository, 'node_modules', 'jest', 'bin', 'jest.js')];

// Modules of a file are never given back by their worker: at 2 GB it would collect garbage half of its time.
const lean = ['--workerIdleMemoryLimit=500MB'];

/** jest runs ES modules only with this flag, and warns about it in every worker. */
export function jestEnvironment() {
  const flags = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  return { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${flags}`.trim() };
}

/**
 * @param {{ home: string, jestArguments: string[], databaseUrl: string, kafkaBrokers: string | undefined,
 *   signal: AbortSignal }} options
 * @returns {Promise<{ passed: number, failed: number, skipped: number, exitCode: number,
 *   exercised: { name: string, tests: number }[] }>}
 */
export async function runJest({ home, jestArguments, databaseUrl, kafkaBrokers, signal }) {
  const results = join(home, 'results.json');
  const workers = jestArguments.some((argument) => /^(--maxWorkers|-w|-i$|--runInBand)/.test(argument))
    ? []
    : ['--maxWorkers=3'];
  const args = [...jestCommand, ...workers, ...lean, '--json', `--outputFile=${results}`, ...jestArguments];
  const env = { ...jestEnvironment(), NESTBOX_TEST_HOME: home, TEST_DATABASE_URL: databaseUrl, KAFKA_BROKERS: kafkaBrokers };
  const child = spawn(process.execPath, args, { cwd: repository, env, stdio: 'inherit' });
  const pass = () => child.kill('SIGTERM');
  signal.addEventListener('abort', pass, { once: true });
  const exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  signal.removeEventListener('abort', pass);
  return { ...countsFrom(results), exitCode };
}

/** A file that could not even be loaded has no tests to fail: it counts as one that failed. */
function countsFrom(/** @type {string} */ file) {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      exercised: exercisedBrokers(results),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, exercised: [] };
  }
}
