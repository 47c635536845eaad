import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['dist', 'README.md', 'LICENSE'];
/** tsconfig.json, jest.config.mjs and the walls know these two doors of a lib, and no other. */
const DOORS = /** @type {Record<string, string>} */ ({ '.': 'index', './testing': 'testing/index' });

/**
 * One form for every package.json, one version for all.
 * @param {import('../libs.mjs').Lib} lib
 * @param {import('../libs.mjs').Manifest} house the repository's own
 * @returns {string[]}
 */
export function manifestFaults({ place, folder, manifest }, house) {
  const expected = {
    name: place.replace(/^libs/, '@nestbox'),
    version: house.version,
    license: house.license,
    type: 'module',
    engines: house.engines,
    files: FILES,
  };
  const fields = /** @type {(keyof typeof expected)[]} */ (Object.keys(expected));
  const differing = fields.filter((field) => JSON.stringify(manifest[field]) !== JSON.stringify(expected[field]));
  return [
    ...differing.map((field) => `"${field}" is ${JSON.stringify(manifest[field])}: say ${JSON.stringify(expected[field])}`),
    ...(manifest.description ? [] : ['has no "description": say in one sentence what it is']),
    ...(manifest.devDependencies ? ['has devDependencies: the repository installs those, in its own package.json'] : []),
    ...doorFaults({ folder, manifest }),
  ];
}

/** @param {Pick<import('../libs.mjs').Lib, 'folder' | 'manifest'>} lib */
function doorFaults({ folder, manifest }) {
  const { './package.json': _forTools, ...doors } = manifest.exports ?? {};
  const unknown = Object.keys(doors).filter((door) => !DOORS[door]);
  const shut = Object.entries(DOORS).filter(([door, file]) => !doors[door] && existsSync(join(folder, 'src', `${file}.ts`)));
  return [
    ...unknown.map((door) => `exports "${door}", which tsconfig.json and jest do not know: export "." and "./testing" alone`),
    ...shut.map(([door, file]) => `has src/${file}.ts, but exports no "${door}": export it, or move what is in it`),
    ...Object.entries(doors).flatMap(([door, given]) => formOf(door, given)),
  ];
}

/** @param {string} door @param {import('../libs.mjs').Door} given */
function formOf(door, given) {
  const file = DOORS[door];
  if (!file) return [];
  // The order counts: the compiler takes the first condition that it knows.
  const expected = JSON.stringify({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });
  return JSON.stringify(given) === expected ? [] : [`exports "${door}" as ${JSON.stringify(given)}: say ${expected}`];
}
