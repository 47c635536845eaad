import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';
import { filesIn, writeIfChanged } from './files.mjs';
import { reachable } from './reachable.mjs';

const { exclude, $schema: _schema, ...swcOptions } = JSON.parse(readFileSync(join(repository, '.swcrc'), 'utf8'));
/** @type {RegExp[]} */
const specs = exclude.map((/** @type {string} */ pattern) => new RegExp(pattern));

/** @typedef {{ file: string, content: string | Buffer }} Output */

/**
 * Compiles one lib or app, copies what is not TypeScript and removes outputs whose source is gone. A lib that is
 * published keeps only what its doors lead to: no fixture and no suite of tests gets into a package.
 * @param {import('./units.mjs').BuildUnit} unit
 * @param {Pick<typeof import('@swc/core'), 'transformFile'>} swc
 * @returns {Promise<number>} number of sources
 */
export async function compile(unit, swc) {
  const all = await filesIn(unit.source);
  const sources = all.filter((file) => !specs.some((spec) => spec.test(file)) && !file.endsWith('.d.ts'));
  const outputs = (await Promise.all(sources.map((file) => compileFile(unit, file, swc)))).flat();
  const kept = unit.doors ? reachable(outputs, unit.doors) : outputs;
  await Promise.all(kept.map(({ file, content }) => writeIfChanged(file, content)));
  const expected = new Set(kept.map(({ file }) => file));
  for (const file of await filesIn(unit.output)) {
    if (!expected.has(file) && !isDeclaration(file) && !file.includes('.draft-')) await rm(file, { force: true });
  }
  return sources.length;
}

/**
 * @param {import('./units.mjs').BuildUnit} unit
 * @param {string} file
 * @param {Pick<typeof import('@swc/core'), 'transformFile'>} swc
 * @returns {Promise<Output[]>}
 */
async function compileFile(unit, file, swc) {
  const target = join(unit.output, relative(unit.source, file));
  if (!file.endsWith('.ts')) return [{ file: target, content: await readFile(file) }];
  const script = target.replace(/\.ts$/, '.js');
  const result = await swc
    .transformFile(file, {
      ...swcOptions,
      swcrc: false,
      filename: file,
      sourceFileName: relative(dirname(script), file),
    })
    .catch((error) => {
      throw new Fault(`${relative(repository, file)} does not compile: ${error.message}`);
    });
  return [
    { file: script, content: `${result.code}//# sourceMappingURL=${basename(script)}.map\n` },
    { file: `${script}.map`, content: result.map ?? '' },
  ];
}

/** Declarations are written by declarations.mjs, which also removes the stale ones. */
function isDeclaration(/** @type {string} */ file) {
  return file.endsWith('.d.ts');
}
