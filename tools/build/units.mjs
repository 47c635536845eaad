import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../home.mjs';

/** @typedef {{ name: string, source: string, output: string }} BuildUnit */

/**
 * @param {{ appsToo: boolean }} options
 * @returns {BuildUnit[]} everything that has sources
 */
export function buildUnits({ appsToo }) {
  const libs = foldersIn('libs').map((name) => ({
    name,
    source: join(repository, 'libs', name, 'src'),
    output: join(repository, 'libs', name, 'dist'),
  }));
  const apps = foldersIn('apps').map((name) => ({
    name,
    source: join(repository, 'apps', name, 'src'),
    output: join(repository, 'dist', 'apps', name),
  }));
  return [...libs, ...(appsToo ? apps : [])].filter((unit) => existsSync(unit.source));
}

/** @param {string} kind */
function foldersIn(kind) {
  const folder = join(repository, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
