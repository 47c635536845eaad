import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';
import { jestCommand, jestEnvironment } from './jest.mjs';

const notOurs = new Set(['node_modules', 'dist', 'coverage', '.git', '.nestbox']);
const looksLikeATest = /(^|[.\-_])(spec|specs|test|tests)\.[cm]?[jt]sx?$/i;
// npm test itself, by the name that the house gave it.
const tools = new Set([join('tools', 'test.mjs')]);

/** A test file that jest does not pick up would be green for ever: it fails the run instead. */
export async function requireEveryTestToRun(/** @type {AbortSignal} */ signal) {
  const output = await run(process.execPath, [...jestCommand, '--listTests', '--json'], {
    cwd: repository,
    env: jestEnvironment(),
    signal,
  });
  const line = output.split('\n').find((candidate) => candidate.startsWith('['));
  const matched = new Set(/** @type {string[]} */ (JSON.parse(line ?? '[]')).map((file) => relative(repository, file)));
  const unmatched = testFiles(repository).filter((file) => !matched.has(file) && !tools.has(file));
  if (unmatched.length === 0) return;
  const names = unmatched.map((file) => file.split(sep).join('/')).join(', ');
  throw new Fault(
    `No glob of jest matches ${names}: name tests .spec.ts, .int-spec.ts or .e2e-spec.ts under libs, apps or test`,
  );
}

/** @param {string} folder @returns {string[]} relative to the repository */
function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : testFiles(path);
    return looksLikeATest.test(entry.name) ? [relative(repository, path)] : [];
  });
}
