import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ types?: string, default?: string }} Door
 * @typedef {Record<string, string>} Ranges
 * @typedef {{ name: string, version: string, private?: boolean, license?: string, description?: string, type?: string,
 *   files?: string[], exports?: Record<string, Door>, engines?: Ranges, dependencies?: Ranges, peerDependencies?: Ranges,
 *   optionalDependencies?: Ranges, devDependencies?: Ranges,
 *   peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Manifest
 * @typedef {{ folder: string, place: string, manifest: Manifest }} Lib `place` is how people call the folder: libs/kernel
 */

/**
 * The libs that are published: all that do not say "private".
 * @param {string} root of the repository
 * @returns {Lib[]}
 */
export function publishedLibs(root) {
  return readdirSync(join(root, 'libs'))
    .map((name) => ({ folder: join(root, 'libs', name), place: `libs/${name}` }))
    .filter(({ folder }) => existsSync(join(folder, 'package.json')))
    .map((lib) => ({ ...lib, manifest: manifestIn(lib.folder) }))
    .filter(({ manifest }) => !manifest.private);
}

/** @param {string} folder @returns {Manifest} */
export function manifestIn(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** @param {Manifest} manifest @returns {Ranges} what an install of the package brings or asks for */
export function declaredBy({ dependencies, peerDependencies, optionalDependencies }) {
  return { ...dependencies, ...optionalDependencies, ...peerDependencies };
}

/**
 * The libs of ours that a lib needs, itself included.
 * @param {string[]} names of packages
 * @param {Lib[]} libs
 * @returns {Lib[]}
 */
export function closureOf(names, libs) {
  /** @type {Set<Lib>} */
  const found = new Set();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const lib = libs.find(({ manifest }) => manifest.name === name);
    if (!lib || found.has(lib)) continue;
    found.add(lib);
    waiting.push(...Object.keys(declaredBy(lib.manifest)));
  }
  return [...found];
}
