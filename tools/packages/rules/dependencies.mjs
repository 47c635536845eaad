import semver from 'semver';
import { declaredBy } from '../libs.mjs';

// Two copies of these do not know each other's classes, tokens or state: the app brings the one that all share.
const ONE_COPY = /^(@nestjs\/.+|@opentelemetry\/api|rxjs|typeorm|pg|reflect-metadata|kafkajs|prom-client|nodemailer)$/;

/**
 * @typedef {import('../libs.mjs').Lib} Lib
 * @typedef {{ libs: Lib[], installed: (name: string) => string | undefined, typesApart: (name: string) => boolean,
 *   loadedAtOnce: (name: string) => string | undefined }} Surroundings
 * `installed` is the version that this repository is tested with, `typesApart` whether a package's types are in @types,
 * `loadedAtOnce` the file of another lib that loads this one of ours before a part of it is used
 */

/**
 * What a lib imports is declared, what it declares is imported, and both in the right place.
 * @param {Lib} lib
 * @param {import('../imports.mjs').Import[]} imports
 * @param {Surroundings} surroundings
 * @returns {string[]}
 */
export function dependencyFaults(lib, imports, surroundings) {
  const others = imports.filter(({ name }) => name !== lib.manifest.name);
  const names = [...new Set(others.map(({ name }) => name))].sort();
  const used = names.map((name) => useOf(name, others));
  const declared = Object.entries(declaredBy(lib.manifest)).sort();
  return [
    ...used.flatMap((use) => [...undeclared(lib, use), ...withoutTypes(lib, use, surroundings), ...notOptional(lib, use, surroundings)]),
    ...withheld(lib, surroundings),
    ...declared.flatMap(([name, range]) => [
      ...unused(lib, name, used, surroundings),
      ...misplaced(lib, name),
      ...(name.startsWith('@nestbox/') ? notOurs(lib, name, range, surroundings) : untried(lib, name, range, surroundings)),
    ]),
    ...Object.keys(lib.manifest.peerDependenciesMeta ?? {})
      .filter((name) => !lib.manifest.peerDependencies?.[name])
      .map((name) => `peerDependenciesMeta names ${name}, which is no peer: add it to peerDependencies`),
  ];
}

/** @typedef {{ name: string, fileBy: Partial<Record<import('../imports.mjs').Way, string>> }} Use */

/** @param {string} name @param {import('../imports.mjs').Import[]} imports @returns {Use} */
function useOf(name, imports) {
  /** @type {Use['fileBy']} */
  const fileBy = {};
  for (const found of imports) if (found.name === name) fileBy[found.way] ??= found.file;
  return { name, fileBy };
}

/** @param {Lib} lib @param {Use} use */
function undeclared({ manifest }, { name, fileBy }) {
  if (name === 'node' || declaredBy(manifest)[name]) return [];
  const file = fileBy.named ?? fileBy.eager ?? fileBy.lazy ?? fileBy.declared;
  const field = ONE_COPY.test(name) ? 'peerDependencies' : 'dependencies';
  return [`${file} imports ${name}, which package.json does not declare: add it to ${field}`];
}

/** @param {Lib} lib @param {Use} use @param {Surroundings} surroundings */
function withoutTypes({ manifest }, { name, fileBy }, { typesApart }) {
  const types = typesOf(name);
  if (!fileBy.declared || !(name === 'node' || typesApart(name)) || manifest.dependencies?.[types]) return [];
  return [`${fileBy.declared} speaks of types of ${name}: add ${types} to dependencies`];
}

/**
 * A lib that comes along with another of ours, which loads it when it is used, may itself load at once what is optional:
 * whoever has chosen an embedded log gets @nestbox/kafka, and needs no kafkajs.
 * @param {Lib} lib @param {Use} use @param {Surroundings} surroundings
 */
function notOptional({ manifest }, { name, fileBy }, { libs, loadedAtOnce }) {
  if (!isOptional(manifest, name)) return [];
  const cure = 'or take it out of peerDependenciesMeta';
  const comesAlong = libs.some((other) => other.manifest.dependencies?.[manifest.name]);
  const eager = comesAlong ? fileBy.eager && loadedAtOnce(manifest.name) : fileBy.eager;
  const loaded = comesAlong ? `${manifest.name}, which needs it,` : 'it';
  return [
    ...(eager ? [`${name} is optional, but ${eager} loads ${loaded} at once: load it where it is used, with import(), ${cure}`] : []),
    ...(fileBy.declared ? [`${name} is optional, but ${fileBy.declared} does not compile without it: describe its types in your own, ${cure}`] : []),
  ];
}

/**
 * What is optional for a lib that another brings along is optional for that one, too: nobody reads further than the
 * package that they install.
 * @param {Lib} lib @param {Surroundings} surroundings
 */
function withheld({ manifest }, { libs }) {
  const missing = passedOn(manifest, libs).filter(({ name }) => !manifest.peerDependencies?.[name]);
  return missing.map(({ name, by }) => `${name} is an optional peer of ${by}: make it one here, too`);
}

/** @param {import('../libs.mjs').Manifest} manifest @param {Lib[]} libs */
function passedOn({ dependencies = {} }, libs) {
  return libs
    .filter((other) => dependencies[other.manifest.name])
    .flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}).filter((name) => isOptional(manifest, name)).map((name) => ({ name, by: manifest.name })));
}

/** @param {import('../libs.mjs').Manifest} manifest @param {string} name */
const isOptional = ({ peerDependenciesMeta }, name) => peerDependenciesMeta?.[name]?.optional === true;

/** @param {Lib} lib @param {string} name @param {Use[]} used @param {Surroundings} surroundings */
function unused({ manifest }, name, used, { libs }) {
  const isPassedOn = isOptional(manifest, name) && passedOn(manifest, libs).some((passed) => passed.name === name);
  const isUsed = isPassedOn || used.some((use) => use.name === name || (use.fileBy.declared && typesOf(use.name) === name));
  return isUsed ? [] : [`package.json declares ${name}, which nothing imports: remove it`];
}

/** @param {Lib} lib @param {string} name */
function misplaced({ manifest }, name) {
  if (!manifest.dependencies?.[name] || !ONE_COPY.test(name)) return [];
  return [`${name} is in dependencies, and an app would have two of it: move it to peerDependencies`];
}

/** @param {Lib} lib @param {string} name @param {string} range @param {Surroundings} surroundings */
function notOurs({ manifest }, name, range, { libs }) {
  const other = libs.find((lib) => lib.manifest.name === name);
  if (!other) return [`needs ${name}, which is not published: do without it, or publish it`];
  if (!manifest.dependencies?.[name]) return [`${name} is one of our own libs: declare it in dependencies`];
  const { version } = other.manifest;
  return range === version ? [] : [`declares ${name} ${range}, but libs go together in one version: say ${version}`];
}

/** @param {Lib} _lib @param {string} name @param {string} range @param {Surroundings} surroundings */
function untried(_lib, name, range, { installed }) {
  const version = installed(name);
  if (!version) return [`declares ${name}, which is not installed here and so was never tried: npm install it`];
  if (semver.satisfies(version, range)) return [];
  return [`declares ${name} ${range}, but ${version} is what the tests run with: widen the range`];
}

/** @param {string} name @returns {string} as DefinitelyTyped calls it */
export function typesOf(name) {
  return `@types/${name.replace(/^@/, '').replace('/', '__')}`;
}
