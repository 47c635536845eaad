import { createPackageFromTarballData } from '@arethetypeswrong/core';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importsOf } from './imports.mjs';
import { manifestIn, publishedLibs } from './libs.mjs';
import { bytesOf, pack } from './pack.mjs';
import { dependencyFaults, typesOf } from './rules/dependencies.mjs';
import { linterFaults } from './rules/linters.mjs';
import { manifestFaults } from './rules/manifest.mjs';
import { paperFaults } from './rules/papers.mjs';
import { tarballFaults } from './rules/tarball.mjs';

/**
 * Holds every published lib, which has to be built, against every rule.
 * @param {string} root of the repository
 * @returns {Promise<{ libs: number, faults: string[] }>} each fault a line: lib, fault, cure
 */
export async function checkPackages(root) {
  const libs = publishedLibs(root);
  const imports = new Map(libs.map((lib) => [lib, importsOf(lib)]));
  const destination = await mkdtemp(join(tmpdir(), 'nestbox-packages-'));
  try {
    const tarballs = await pack(root, libs, destination);
    const faults = await Promise.all(
      libs.map(async (lib) => {
        const found = [...faultsInSources(root, lib, imports), ...(await faultsInTarball(root, tarballs.get(lib.manifest.name)))];
        return found.map((fault) => `${lib.place}: ${fault}`);
      }),
    );
    return { libs: libs.length, faults: faults.flat() };
  } finally {
    await rm(destination, { recursive: true, force: true });
  }
}

/** @param {string} root @param {import('./libs.mjs').Lib} lib @param {Map<import('./libs.mjs').Lib, import('./imports.mjs').Import[]>} imports */
function faultsInSources(root, lib, imports) {
  const house = manifestIn(root);
  return [
    ...manifestFaults(lib, house),
    ...paperFaults(lib, root),
    ...dependencyFaults(lib, imports.get(lib) ?? [], {
      libs: [...imports.keys()],
      installed: (name) => installedVersion(root, name),
      typesApart: (name) => house.devDependencies?.[typesOf(name)] !== undefined,
      loadedAtOnce: (name) => [...imports].flatMap(([other, found]) => (other === lib ? [] : found.filter((one) => one.way === 'eager' && one.name === name)))[0]?.file,
    }),
  ];
}

/** @param {string} root @param {string} name */
function installedVersion(root, name) {
  const folder = join(root, 'node_modules', name);
  return existsSync(join(folder, 'package.json')) ? manifestIn(folder).version : undefined;
}

/** @param {string} root @param {string | undefined} tarball */
async function faultsInTarball(root, tarball) {
  if (!tarball) return ['cannot be packed: "npm pack" says why'];
  const bytes = await bytesOf(tarball);
  const contents = createPackageFromTarballData(new Uint8Array(bytes));
  const prefix = `/node_modules/${contents.packageName}/`;
  const files = new Map(contents.listFiles().map((path) => [path.slice(prefix.length), contents.readFile(path)]));
  return [...tarballFaults(files, root), ...(await linterFaults(bytes, contents))];
}
