import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { blocksOf } from '../support/page.js';

const root = process.cwd();
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];
const read = (page: string) => readFileSync(join(root, page), 'utf8');

/** What stands in backticks and looks like a path of this repository, or like a file at its root. */
function pathsIn(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`\n]+)`/g)]
    .map(([, text]) => text!)
    .filter((text) => /^[\w.@/-]+$/.test(text) && !text.startsWith('.nestbox/'))
    .filter((text) => /^(apps|libs|test|tools|docs|\.ci)\//.test(text) || /^[\w-]+\.(ts|mjs|md|json|yml)$/.test(text));
}

/** Targets of links that stay in the house, as paths from its root. */
function linksIn(page: string, markdown: string): string[] {
  return [...markdown.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) =>
    normalize(join(dirname(page), target!)),
  );
}

/** Files that a page has its reader write. */
const written = (markdown: string) => new Set(blocksOf(markdown).flatMap(({ file }) => file ?? []));

describe.each(pages)('%s', (page) => {
  const markdown = read(page);

  it('mentions only files and folders that exist', () => {
    const missing = pathsIn(markdown).filter((path) => !existsSync(join(root, path)) && !written(markdown).has(path));
    expect(missing).toEqual([]);
  });

  it('links only to pages that exist', () => {
    expect(linksIn(page, markdown).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...markdown.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script!);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  it('promises no delivery that nobody can give', () => {
    expect(markdown).not.toMatch(/exactly[- ]once delivery/i);
  });
});

describe('README.md', () => {
  it('is short enough to be read', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150);
  });

  it('leads to every page but the decisions, and their index leads to those', () => {
    const reached = new Set(pages.flatMap((page) => linksIn(page, read(page))));
    expect(pages.filter((page) => page !== 'README.md' && !reached.has(page))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('tells the event’s way in steps that each name a file', () => {
    const steps = read('docs/architecture.md').split('\n').filter((line) => /^\d+\. /.test(line));
    expect(steps.length).toBeGreaterThanOrEqual(10);
    expect(steps.filter((step) => pathsIn(step).length === 0)).toEqual([]);
  });
});
