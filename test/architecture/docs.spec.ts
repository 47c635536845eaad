import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { commands } from '../../libs/cli/src/commands.js';
import { blocksOf } from '../support/page.js';

const root = process.cwd();
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const filesIn = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));

const pages = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs').filter((file) => file.endsWith('.md'))];
/** Written from the code by `npm run generate`. */
const isGenerated = (page: string) => page === 'docs/events.md' || page.startsWith('docs/eventcatalog/');

const folders = ['.ci', 'apps', 'docs', 'grafana', 'libs', 'otel', 'prometheus', 'test', 'tools'];
/** Every file and folder of the repository, without what is built or installed. */
const places = [
  ...readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name),
  ...folders.flatMap((folder) => [folder, ...filesIn(folder)]).filter((path) => !/(^|\/)(dist|node_modules)(\/|$)/.test(path)),
];
const known = new Set(places);
const words = new Set(places.filter((path) => /^(apps|libs|test|tools)\/.*\.(ts|mjs)$/.test(path)).flatMap((path) => read(path).match(/\w+/g) ?? []));

/** What stands in backticks, outside of blocks. */
function codeIn(markdown: string): string[] {
  return [...markdown.replace(/^```[^]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);
}

/** What looks like a path of this repository, or like a file at its root. `<context>` stands for any name. */
function pathsIn(markdown: string): string[] {
  return codeIn(markdown)
    .filter((text) => /^[\w.@/<>*-]+$/.test(text) && !text.startsWith('.nestbox/'))
    .filter((text) => folders.includes(text.split('/')[0]!) || /^[\w-]+\.(ts|mjs|md|json|yml)$/.test(text));
}

function isThere(path: string): boolean {
  const plain = path.replace(/\/$/, '');
  if (!/[<*]/.test(plain)) return known.has(plain);
  const pattern = plain.replace(/[.]/g, '\\.').replace(/<[^>]*>|\*/g, '[^/]+');
  return places.some((place) => new RegExp(`^${pattern}$`).test(place));
}

/** Words with a hump, which only code has: `UnitOfWork`, `composeStory`. */
function namesIn(markdown: string): string[] {
  return codeIn(markdown).filter((text) => /^(?:[A-Z][a-z0-9]+){2,}$|^[a-z]+(?:[A-Z][a-z0-9]+)+$/.test(text));
}

/** Targets of links that stay in the house, as paths from its root. */
function linksIn(page: string, markdown: string): { path: string; anchor?: string }[] {
  return [...markdown.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)].map(([, target, anchor]) => ({
    path: target ? normalize(join(dirname(page), target)) : page,
    anchor,
  }));
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

/** Files that a page has its reader write. */
const written = (markdown: string) => new Set(blocksOf(markdown).flatMap(({ file }) => file ?? []));

const shellCommands = commands.map(({ name }) => name);

describe.each(pages.filter((page) => !isGenerated(page)))('%s', (page) => {
  const markdown = read(page);

  it('mentions only files and folders that exist', () => {
    expect(pathsIn(markdown).filter((path) => !isThere(path) && !written(markdown).has(path))).toEqual([]);
  });

  it('names only what the source knows', () => {
    const own = new Set(blocksOf(markdown).flatMap(({ text }) => text.match(/\w+/g) ?? []));
    expect(namesIn(markdown).filter((name) => !words.has(name) && !own.has(name))).toEqual([]);
  });

  it('names only commands of the shell that exist', () => {
    const firstWords = new Set(shellCommands.map((name) => name.split(' ')[0]!));
    const named = [...markdown.matchAll(/\bnpx nestbox ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g)].map(([, first, second]) => [first!, second] as const);
    const unknown = named.filter(([first, second]) => {
      if (shellCommands.includes(first)) return false;
      return second === undefined ? !firstWords.has(first) : !shellCommands.includes(`${first} ${second}`);
    });
    expect(unknown).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  const markdown = read(page);

  it('links only to pages, and sections of them, that exist', () => {
    const broken = linksIn(page, markdown).filter(({ path, anchor }) => {
      if (!existsSync(join(root, path))) return true;
      return anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).includes(anchor);
    });
    expect(broken).toEqual([]);
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
    const reached = new Set(pages.flatMap((page) => linksIn(page, read(page)).filter(({ path }) => path !== page).map(({ path }) => path)));
    expect(pages.filter((page) => page !== 'README.md' && !reached.has(page))).toEqual([]);
  });

  // Not every app: a new one is described in its own folder alone.
  it('has every lib on its map', () => {
    const all = readdirSync(join(root, 'libs')).map((name) => `libs/${name}`);
    expect(all.filter((folder) => !codeIn(read('README.md')).includes(folder))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md');
  const section = (title: string) => page.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!;

  it('tells the event’s way in steps that each name a file', () => {
    const steps = section("An event's way").split(/^(?=\d+\. )/m).slice(1);
    expect(steps.length).toBeGreaterThanOrEqual(10);
    expect(steps.filter((step) => pathsIn(step).length === 0)).toEqual([]);
  });

  it('lists the floors and the rooms as the law has them', async () => {
    const law = (await import(join(root, '.dependency-cruiser.mjs'))) as Record<'floors' | 'rooms', Record<string, readonly string[]>>;
    const rows = [...section('The libs').matchAll(/^\| `([\w-]+)` \|[^|]*\| ([^|]*) \| ?([^|]*) ?\|$/gm)];
    const list = (text: string) => text.trim().split(', ').filter((name) => name !== '' && name !== '–');
    expect(Object.fromEntries(rows.map(([, lib, below]) => [lib, list(below!)]))).toEqual(law.floors);
    expect(Object.fromEntries(rows.filter(([, , , rooms]) => rooms!.trim()).map(([, lib, , rooms]) => [lib, list(rooms!)]))).toEqual(law.rooms);
  });

  it('counts the files of the walk, each of them once', () => {
    const walk = section('One order, file by file');
    const files = [...walk.matchAll(/^(\d+)\. `([^`]+)`/gm)].map(([, n, file]) => ({ n: Number(n), file: file! }));
    expect(files.map(({ n }) => n)).toEqual(files.map((_, at) => at + 1));
    expect(new Set(files.map(({ file }) => file)).size).toBe(files.length);
    const [good, bad] = ['\\*\\*(\\d+) files\\*\\*', '\\*\\*(\\d+) more files\\*\\*'].map((pattern) => Number(new RegExp(pattern).exec(walk)![1]));
    expect(good! + bad!).toBe(files.length);
  });
});
