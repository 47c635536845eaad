import { dirname, join } from 'node:path';

const RELATIVE_IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}\/[^"']+)["']/g;

/**
 * What is compiled, without what no door leads to. Files that are not scripts stay: nobody imports those.
 * @param {import('./compile.mjs').Output[]} outputs
 * @param {readonly string[]} doors files that a package exports
 */
export function reachable(outputs, doors) {
  const scripts = new Map(outputs.filter(({ file }) => file.endsWith('.js')).map(({ file, content }) => [file, content]));
  /** @type {Set<string>} */
  const reached = new Set();
  const waiting = doors.filter((door) => scripts.has(door));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const [, specifier = ''] of String(scripts.get(file)).matchAll(RELATIVE_IMPORT)) {
      const next = join(dirname(file), specifier);
      if (scripts.has(next)) waiting.push(next);
    }
  }
  return outputs.filter(({ file }) => !/\.js(\.map)?$/.test(file) || reached.has(file.replace(/\.map$/, '')));
}
