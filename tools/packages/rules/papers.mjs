import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADINGS = ['## What it is', '## Use', '## What it guarantees', '## Licence'];

/**
 * A lib says what it is, how it is used and what it guarantees, and under which licence.
 * @param {import('../libs.mjs').Lib} lib
 * @param {string} root of the repository
 * @returns {string[]}
 */
export function paperFaults({ folder, manifest }, root) {
  const licence = textOf(join(folder, 'LICENSE'));
  const readme = textOf(join(folder, 'README.md'));
  const lines = readme?.split('\n') ?? [];
  const headings = [`# ${manifest.name}`, ...HEADINGS];
  return [
    ...(licence === textOf(join(root, 'LICENSE')) ? [] : ['LICENSE is not the one of the repository: copy that']),
    ...(readme === undefined ? ['has no README.md: say what it is, how it is used and what it guarantees'] : []),
    ...(readme === undefined ? [] : headings.filter((heading) => !lines.includes(heading)))
      .map((heading) => `README.md has no heading "${heading}": add it`),
    ...(readme === undefined || lines.includes('```ts') ? [] : ['README.md shows no code: add an example between ```ts and ```']),
  ];
}

/** @param {string} file */
function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
