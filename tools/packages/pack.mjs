import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.mjs';

/**
 * Packs libs that are built, all in one run of npm.
 * @param {string} root of the repository
 * @param {import('./libs.mjs').Lib[]} libs
 * @param {string} destination
 * @returns {Promise<Map<string, string>>} tarball by the package's name
 */
export async function pack(root, libs, destination) {
  if (libs.length === 0) return new Map();
  const workspaces = libs.map(({ place }) => `--workspace=${place}`);
  // Scripts are left out: the prepack of each would build everything once more.
  const output = await run('npm', ['pack', '--json', '--ignore-scripts', `--pack-destination=${destination}`, ...workspaces], { cwd: root });
  const packed = JSON.parse(output.slice(output.search(/^[[{]/m)));
  /** @type {{ name: string, filename: string }[]} */
  const tarballs = Array.isArray(packed) ? packed : Object.values(packed);
  return new Map(tarballs.map(({ name, filename }) => [name, join(destination, filename)]));
}

/** @param {string} file @returns {Promise<ArrayBuffer>} */
export async function bytesOf(file) {
  const { buffer, byteOffset, byteLength } = await readFile(file);
  return /** @type {ArrayBuffer} */ (buffer).slice(byteOffset, byteOffset + byteLength);
}
