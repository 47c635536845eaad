import { checkPackage } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** Not for us: libs are ES modules alone. The profile "esm-only" of attw's command line leaves out the same two. */
const OTHERS = new Set(['node10', 'node16-cjs']);

/**
 * publint and "are the types wrong?" on what is packed.
 * @param {ArrayBuffer} tarball
 * @param {import('@arethetypeswrong/core').Package} contents of it
 * @returns {Promise<string[]>}
 */
export async function linterFaults(tarball, contents) {
  const [{ messages, pkg }, types] = await Promise.all([
    publint({ pack: { tarball }, level: 'suggestion', strict: true }),
    checkPackage(contents),
  ]);
  return [
    ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
    ...(types.types ? new Set(types.problems.filter(concernsUs).map(describe)) : ['attw: no types were found: declare them in "exports"']),
  ];
}

/** @param {import('@arethetypeswrong/core').Problem} problem */
function concernsUs(problem) {
  if ('resolutionKind' in problem) return !OTHERS.has(problem.resolutionKind);
  return !('resolutionOption' in problem) || !OTHERS.has(problem.resolutionOption);
}

/** @param {import('@arethetypeswrong/core').Problem} problem */
function describe(problem) {
  // The same thing is wrong for Node and for bundlers, and is said once.
  const places = /** @type {const} */ (['entrypoint', 'fileName', 'moduleSpecifier', 'typesFileName']);
  const where = places.flatMap((place) => (place in problem ? [Reflect.get(problem, place)] : []));
  return `attw: ${problem.kind} in ${where.join(', ') || 'the package'}: look the problem up at arethetypeswrong.github.io`;
}
