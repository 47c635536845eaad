import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A bug that a tired engineer could write, and the tests that must notice it.
 * @typedef {object} Bug
 * @property {string} name
 * @property {string} bug what is wrong, in a sentence
 * @property {string} file that it is planted in
 * @property {string} old text that stands in the file exactly once
 * @property {string} new
 * @property {string[]} specs
 * @property {string} [test] beginning or part of the name of the test that notices, where a file has many
 */

/** @param {string} root of a copy of the repository @returns {Promise<Bug[]>} */
export async function readBugs(root) {
  const folder = join(root, 'test', 'planted');
  const lists = readdirSync(folder).filter((name) => name.endsWith('.bugs.mjs'));
  const bugs = [];
  // One after the other: jest's loader trips over two imports that meet in a module.
  for (const list of lists.sort()) bugs.push(...(await import(pathToFileURL(join(folder, list)).href)).default);
  return bugs;
}

/** @param {Bug} bug @param {string} root @returns {string | undefined} why the bug cannot be planted, or nobody could notice it */
export function faultOf({ name, file, old, specs, test }, root) {
  const path = join(root, file);
  if (!existsSync(path)) return `${name}: there is no ${file}`;
  const times = readFileSync(path, 'utf8').split(old).length - 1;
  if (times !== 1) return `${name}: its old text is found ${times} times in ${file}, not once`;
  if (specs.length === 0) return `${name}: it names no spec`;
  const missing = specs.find((spec) => !existsSync(join(root, spec)));
  if (missing) return `${name}: there is no ${missing}`;
  const named = test === undefined || specs.some((spec) => readFileSync(join(root, spec), 'utf8').includes(test));
  return named ? undefined : `${name}: no spec of it has a test "${test}"`;
}

/** @param {string} text of the file @param {Bug} bug */
export function plant(text, bug) {
  return text.replace(bug.old, () => bug.new);
}

export const needsPostgres = (/** @type {Bug} */ { specs }) => specs.some((spec) => !isUnit(spec));
export const needsKafka = (/** @type {Bug} */ { specs }) => specs.some((spec) => spec.startsWith('libs/kafka/') && !isUnit(spec));

function isUnit(/** @type {string} */ spec) {
  return spec.endsWith('.spec.ts');
}
