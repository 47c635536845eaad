import { readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';

const { exclude, $schema: _schema, ...swcOptions } = JSON.parse(readFileSync(join(repository, '.swcrc'), 'utf8'));
/** @type {RegExp[]} */
const specs = exclude.map((/** @type {string} */ pattern) => new RegExp(pattern));

/**
 * Compiles one lib or app, copies what is not TypeScript and removes outputs whose source is gone.
 * @param {import('./units.mjs').BuildUnit} unit
 * @param {Pick<typeof import('@swc/core'), 'transformFile'>} swc
 * @returns {Promise<number>} number of sources
 */
export async function compile(unit, swc) {
  const sources = (await filesIn(unit.source)).filter(
    (file) => !specs.some((spec) => spec.test(file)) && !file.endsWith('.d.ts'),
  );
  const outputs = await Promise.all(sources.map((file) => compileFile(unit, file, swc)));
  const expected = new Set(outputs.flat());
  for (const file of await filesIn(unit.output)) {
    if (!expected.has(file) && !file.includes('.draft-')) await rm(file, { force: true });
  }
  return sources.length;
}

/**
 * @param {import('./units.mjs').BuildUnit} unit
 * @param {string} file
 * @param {Pick<typeof import('@swc/core'), 'transformFile'>} swc
 * @returns {Promise<string[]>} what it wrote
 */
async function compileFile(unit, file, swc) {
  const target = join(unit.output, relative(unit.source, file));
  if (!file.endsWith('.ts')) {
    await writeIfChanged(target, await readFile(file));
    return [target];
  }
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
  await writeIfChanged(script, `${result.code}//# sourceMappingURL=${basename(script)}.map\n`);
  await writeIfChanged(`${script}.map`, result.map ?? '');
  return [script, `${script}.map`];
}

/** Renamed into place: a process that starts during a build never reads half a file. Equal content wakes no watcher. */
async function writeIfChanged(/** @type {string} */ file, /** @type {string | Buffer} */ content) {
  const present = await readFile(file).catch(() => undefined);
  if (present?.equals(Buffer.from(content))) return;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.draft-${process.pid}`;
  await writeFile(draft, content);
  await rename(draft, file);
}

/** @param {string} folder @returns {Promise<string[]>} */
async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
