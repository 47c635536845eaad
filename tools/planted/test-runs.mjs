import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { jestEnvironment } from '../test/jest.mjs';

/** Longer than the longest file takes here, even on a busy machine. A bug can make a test wait for ever. */
const PATIENCE_MS = 240_000;

/**
 * @typedef {{ databaseUrl?: string, kafkaBrokers?: string }} Services
 * @typedef {{ passed: number, failed: string[], broken: string[], output: string }} Outcome
 *   failed: tests by name; broken: files that could not be loaded
 */

/**
 * Runs specs in a copy.
 * @param {{ copy: string, home: string, specs: string[], test?: string, services: Services, workers: number,
 *   stopAtFirst: boolean, signal: AbortSignal }} given
 * @returns {Promise<Outcome>}
 */
export async function runSpecs({ copy, home, specs, test, services, workers, stopAtFirst, signal }) {
  const results = `${copy}.results.json`;
  rmSync(results, { force: true });
  const args = [
    join(copy, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--config=jest.unit.config.mjs',
    '--testMatch=**/*.spec.ts',
    '--testMatch=**/*.int-spec.ts',
    workers === 1 ? '--runInBand' : `--maxWorkers=${workers}`,
    '--forceExit',
    '--json',
    `--outputFile=${results}`,
    ...(stopAtFirst ? ['--bail'] : []),
    ...(test === undefined ? [] : [`--testNamePattern=${test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`]),
    '--runTestsByPath',
    ...specs,
  ];
  const { databaseUrl, kafkaBrokers } = services;
  const env = { ...jestEnvironment(), NESTBOX_TEST_HOME: home, TEST_DATABASE_URL: databaseUrl, KAFKA_BROKERS: kafkaBrokers };
  const output = await outputOf(args, { cwd: copy, env, signal });
  signal.throwIfAborted();
  return outcomeFrom(results, output);
}

/** @param {string[]} args @param {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal }} options @returns {Promise<string>} */
function outputOf(args, { cwd, env, signal }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const end = () => child.kill('SIGKILL');
    const patience = setTimeout(end, PATIENCE_MS);
    signal.addEventListener('abort', end, { once: true });
    let output = '';
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(patience);
      signal.removeEventListener('abort', end);
      resolve(output);
    });
  });
}

/** @param {string} file @param {string} output @returns {Outcome} */
function outcomeFrom(file, output) {
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const failed = testResults.flatMap((/** @type {{ assertionResults: { status: string, fullName: string }[] }} */ { assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    );
    const broken = testResults
      .filter((/** @type {{ status: string, assertionResults: unknown[] }} */ { status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
      .map((/** @type {{ name: string }} */ { name }) => name);
    return { passed: numPassedTests, failed, broken, output };
  } catch {
    return { passed: 0, failed: [], broken: ['jest did not come to an end'], output };
  }
}
