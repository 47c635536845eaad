import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { doorsOf } from '../build/units.mjs';

/**
 * How a package is asked for: `eager` as soon as the lib is loaded, `lazy` when a part of it is used, `declared` in a
 * .d.ts and so by whoever compiles against it, `named` somewhere in the sources, a type at least.
 * @typedef {'eager' | 'lazy' | 'declared' | 'named'} Way
 * @typedef {{ name: string, way: Way, file: string }} Import
 */

const STATIC = /^\s*(?:import|export)\b(?:[^'"();]*?\bfrom)?\s*["']([^"']+)["']/gm;
const DYNAMIC = /\b(?:import|require|resolve)\s*\(\s*["']([^"']+)["']/g;
const REFERENCE = /^\/\/\/\s*<reference types="([^"]+)"/gm;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/**
 * What a lib asks of others, by the package's name. Built-in modules are `node`.
 * @param {import('./libs.mjs').Lib} lib that has been built, declarations included
 * @returns {Import[]}
 */
export function importsOf({ folder, manifest }) {
  const doors = doorsOf(manifest).map((door) => join(folder, door));
  const scripts = walk(doors, '.js', folder);
  const declarations = walk(doors, '.d.ts', folder);
  const sources = walk(doors.map((door) => sourceOf(folder, door)), '.ts', folder);
  return [
    ...scripts.map(({ isLazy, ...found }) => ({ ...found, way: /** @type {Way} */ (isLazy ? 'lazy' : 'eager') })),
    ...declarations.map(({ name, file }) => ({ name, file, way: /** @type {Way} */ ('declared') })),
    ...sources.map(({ name, file }) => ({ name, file, way: /** @type {Way} */ ('named') })),
  ];
}

/** @param {string} folder @param {string} door */
function sourceOf(folder, door) {
  return join(folder, 'src', relative(join(folder, 'dist'), door)).replace(/\.js$/, '.ts');
}

/**
 * @param {string[]} doors
 * @param {string} extension of the files to follow
 * @param {string} folder
 */
function walk(doors, extension, folder) {
  /** @type {{ name: string, file: string, isLazy: boolean }[]} */
  const found = [];
  /** @type {Map<string, boolean>} */
  const reached = new Map();
  const waiting = doors.map((door) => ({ path: door.replace(/\.(js|ts)$/, extension), isLazy: false }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { path, isLazy } = next;
    // What was reached lazily is looked at again when it turns out to be eager.
    if (!existsSync(path) || (reached.has(path) && (isLazy || !reached.get(path)))) continue;
    reached.set(path, isLazy);
    for (const { specifier, isDynamic } of specifiersIn(readFileSync(path, 'utf8'), extension)) {
      const lazily = isLazy || isDynamic;
      if (specifier.startsWith('.')) waiting.push({ path: join(dirname(path), specifier).replace(/\.js$/, extension), isLazy: lazily });
      else found.push({ name: packageOf(specifier), file: relative(folder, path), isLazy: lazily });
    }
  }
  return found;
}

/** @param {string} text @param {string} extension */
function specifiersIn(text, extension) {
  const references = extension === '.d.ts' ? [...text.matchAll(REFERENCE)] : [];
  const code = text.replace(COMMENTS, '');
  const dynamics = [...code.matchAll(DYNAMIC)];
  const statics = [...code.matchAll(STATIC), ...references];
  // A global of Node's in a declaration asks for its types as much as an import does.
  const isNode = extension === '.d.ts' && /\b(?:Buffer|NodeJS\.|AbortSignal\b)/.test(code);
  // swc calls Reflect.metadata for what Nest injects.
  const isDecorated = extension === '.js' && code.includes('_ts_metadata("design:');
  return [
    ...(isDecorated ? [{ specifier: 'reflect-metadata', isDynamic: false }] : []),
    ...statics.map(([, specifier = '']) => ({ specifier, isDynamic: false })),
    ...dynamics.map(([, specifier = '']) => ({ specifier, isDynamic: true })),
    ...(isNode ? [{ specifier: 'node:buffer', isDynamic: false }] : []),
  ];
}

/** @param {string} specifier @returns {string} */
export function packageOf(specifier) {
  if (isBuiltin(specifier) || specifier === 'node') return 'node';
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
