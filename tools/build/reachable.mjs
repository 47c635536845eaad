import { dirname, join } from 'node:path';

const RELATIVE_IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}\/[^"']+)["']/g;

/**
 * What is compiled, without what no door leads to. Files that are not scripts stay: nobody imports those.
 * @param {import('./compile.mjs').Output[]} outputs
 * @param {readonly string[]} doors files that a package exports
 */
export function reachable(outputs, doors) {
  const scripts = new Map(outputs.filter(({ file }) => file.endsWith('.js')).map(({ file, content }) => [file, content]));
  const reached = reachedFrom(doors, scripts);
  return outputs.filter(({ file }) => !/\.js(\.map)?$/.test(file) || reached.has(file.replace(/\.map$/, '')));
}

/**
 * Follows relative imports, which name scripts; among declarations they lead to the declarations of those.
 * @param {readonly string[]} doors
 * @param {ReadonlyMap<string, string | Buffer>} texts by file
 * @param {string} [extension] of all the files
 * @returns {Set<string>}
 */
export function reachedFrom(doors, texts, extension = '.js') {
  /** @type {Set<string>} */
  const reached = new Set();
  const waiting = doors.filter((door) => texts.has(door));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const [, specifier = ''] of String(texts.get(file)).matchAll(RELATIVE_IMPORT)) {
      const next = join(dirname(file), specifier).replace(/\.js$/, extension);
      if (texts.has(next)) waiting.push(next);
    }
  }
  return reached;
}
