const ALLOWED = /^(package\.json|README\.md|LICENSE|dist\/.+)$/;
const FOR_TESTS = /\.(spec|int-spec|e2e-spec|fixture|bench)\.|\/__/;

/**
 * What is packed is what a reader of the package needs, and no more.
 * @param {Map<string, string>} files of the tarball, by path
 * @param {string} root of the repository
 * @returns {string[]}
 */
export function tarballFaults(files, root) {
  const paths = [...files.keys()].sort();
  return [
    ...paths.filter((path) => !ALLOWED.test(path)).map((path) => `packs ${path}: only dist, README.md and LICENSE belong in "files"`),
    ...paths.filter((path) => FOR_TESTS.test(path)).map((path) => `packs ${path}, which is for its own tests: no door may lead to it`),
    ...paths.filter((path) => files.get(path)?.includes(root)).map((path) => `packs ${path}, which names a folder of this machine: find out what wrote it there`),
    ...paths.filter((path) => path.endsWith('.js')).flatMap((path) => mapFaults(path, files)),
  ];
}

/** @param {string} script @param {Map<string, string>} files */
function mapFaults(script, files) {
  const map = files.get(`${script}.map`);
  if (map === undefined) return [`packs ${script} without its map: build it with tools/build.mjs`];
  const { sources = [], sourcesContent = [] } = JSON.parse(map);
  // The sources themselves are not packed.
  if (sources.length > 0 && sources.length === sourcesContent.filter((/** @type {unknown} */ text) => typeof text === 'string').length) return [];
  return [`packs ${script}.map without the sources in it: swc must write sourcesContent`];
}
