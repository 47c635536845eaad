import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../home.mjs';

/**
 * @typedef {{ name: string, source: string, output: string, doors?: string[] }} BuildUnit
 * `doors` are the scripts that a published lib exports; a lib or app that stays at home has none.
 */

/**
 * @param {{ appsToo: boolean }} options
 * @returns {BuildUnit[]} everything that has sources
 */
export function buildUnits({ appsToo }) {
  const apps = foldersIn('apps').map((name) => ({
    name,
    source: join(repository, 'apps', name, 'src'),
    output: join(repository, 'dist', 'apps', name),
  }));
  return [...foldersIn('libs').map(libUnit), ...(appsToo ? apps : [])].filter((unit) => existsSync(unit.source));
}

/** @returns {(BuildUnit & { doors: string[] })[]} libs that are published */
export function publishedUnits() {
  return buildUnits({ appsToo: false }).flatMap((unit) => (unit.doors ? [{ ...unit, doors: unit.doors }] : []));
}

/** @param {string} name @returns {BuildUnit} */
function libUnit(name) {
  const folder = join(repository, 'libs', name);
  const unit = { name, source: join(folder, 'src'), output: join(folder, 'dist') };
  const manifest = readManifest(folder);
  if (!manifest || manifest.private) return unit;
  return { ...unit, doors: doorsOf(manifest).map((door) => join(folder, door)) };
}

/** @param {string} folder @returns {{ private?: boolean, exports?: Record<string, string | { default?: string }> } | undefined} */
function readManifest(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {{ exports?: Record<string, string | { default?: string }> }} manifest */
export function doorsOf({ exports = {} }) {
  return Object.values(exports).flatMap((door) => {
    const script = typeof door === 'string' ? door : door.default;
    return script?.endsWith('.js') ? [script] : [];
  });
}

/** @param {string} kind */
function foldersIn(kind) {
  const folder = join(repository, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
