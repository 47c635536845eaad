import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = process.cwd();
const LIST = 'test/architecture/front-doors.json';
const ACCEPT = 'If that is meant: UPDATE=1 npm run test:unit -- test/architecture/front-doors';

type NamesByDoor = Readonly<Record<string, readonly string[]>>;

/** The list in front-doors.json. What a lib exports is promised to everybody who installs it. */
interface Known {
  /** Every exported name, values and types, by door. */
  readonly doors: NamesByDoor;
  /** Those that no other lib, app, test, tool or page uses. The facade promises its names to others, so it is left out. */
  readonly unused: NamesByDoor;
}

const doors = readdirSync(join(root, 'libs')).flatMap((lib) =>
  [
    { lib, name: `@nestbox/${lib}`, file: `libs/${lib}/src/index.ts` },
    { lib, name: `@nestbox/${lib}/testing`, file: `libs/${lib}/src/testing/index.ts` },
  ].filter(({ file }) => existsSync(join(root, file))),
);

/** `rest`: what is no list of names from a file, such as `export *`. */
function exportsOf(text: string): { readonly names: string[]; readonly rest: string[] } {
  const source = ts.createSourceFile('index.ts', text, ts.ScriptTarget.Latest);
  const names: string[] = [];
  const rest: string[] = [];
  for (const statement of source.statements) {
    const list = ts.isExportDeclaration(statement) && statement.moduleSpecifier ? statement.exportClause : undefined;
    if (list && ts.isNamedExports(list)) names.push(...list.elements.map(({ name }) => name.text));
    else rest.push(statement.getText(source));
  }
  return { names: names.sort(), rest };
}

/** The names that a file takes from each door; of a door that it imports as a whole or lazily, every word in the file. */
function usesIn(text: string): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  const use = (door: string, names: readonly string[]) => uses.set(door, new Set([...(uses.get(door) ?? []), ...names]));
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    if (!statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const list = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    const isNamed = list && (ts.isNamedImports(list) || ts.isNamedExports(list));
    const names = isNamed ? list.elements.map(({ propertyName, name }) => (propertyName ?? name).text) : wordsIn(text);
    use(statement.moduleSpecifier.text, names);
  }
  for (const [, door] of text.matchAll(/\bimport\(\s*['"](@nestbox\/[\w/-]+)['"]\s*\)/g)) use(door!, wordsIn(text));
  return uses;
}

const wordsIn = (text: string): string[] => text.match(/\w+/g) ?? [];

function filesIn(folder: string, ending: RegExp): { path: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && !/(^|\/)(dist|node_modules)\//.test(file))
    .map((file) => ({ path: `${folder}/${file}`, text: readFileSync(join(root, folder, file), 'utf8') }));
}

/** The blocks of code on pages: what they import is used. That a page names something is no use of it. */
function blocksOnPages(): string[] {
  const ofLibs = readdirSync(join(root, 'libs')).map((lib) => `libs/${lib}/README.md`);
  const alone = ['README.md', 'CONTRIBUTING.md', ...ofLibs].filter((path) => existsSync(join(root, path)));
  const texts = [...alone.map((path) => readFileSync(join(root, path), 'utf8')), ...filesIn('docs', /\.md$/).map(({ text }) => text)];
  return texts.flatMap((text) => [...text.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code!));
}

function unusedIn(all: NamesByDoor): NamesByDoor {
  const used = new Map<string, Set<string>>(Object.keys(all).map((door) => [door, new Set()]));
  const sources = ['apps', 'libs', 'test', 'tools'].flatMap((folder) => filesIn(folder, /\.(ts|mjs)$/));
  for (const { path, text } of [...sources, ...blocksOnPages().map((text) => ({ path: '', text }))]) {
    if (!text.includes('@nestbox/')) continue;
    for (const [door, names] of usesIn(text)) {
      if (path.startsWith(`libs/${door.split('/')[1]}/`)) continue;
      for (const name of names) used.get(door)?.add(name);
    }
  }
  const unused = Object.entries(all)
    .filter(([door]) => !/^@nestbox\/eventing\b/.test(door))
    .map(([door, names]) => [door, names.filter((name) => !used.get(door)!.has(name))] as const);
  return Object.fromEntries(unused.filter(([, names]) => names.length > 0));
}

/** One line for each door that is not as it was. */
function differences(before: NamesByDoor, now: NamesByDoor, gone: string, come: string): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().flatMap((door) => {
    const removed = (before[door] ?? []).filter((name) => !now[door]?.includes(name)).map((name) => `${name} ${gone}`);
    const added = (now[door] ?? []).filter((name) => !before[door]?.includes(name)).map((name) => `${name} ${come}`);
    const all = [...removed, ...added];
    return all.length > 0 ? [`${door}: ${all.join(', ')}`] : [];
  });
}

function refuse(lines: readonly string[]): void {
  if (lines.length > 0) throw new Error([...lines, ACCEPT].join('\n'));
}

describe('the front doors of the libs', () => {
  const exported = doors.map(({ name, file }) => ({ name, ...exportsOf(readFileSync(join(root, file), 'utf8')) }));
  const all = Object.fromEntries(exported.map(({ name, names }) => [name, names]));
  const now: Known = { doors: all, unused: unusedIn(all) };
  if (process.env.UPDATE === '1') writeFileSync(join(root, LIST), `${JSON.stringify(now, null, 2)}\n`);
  const known = JSON.parse(readFileSync(join(root, LIST), 'utf8')) as Known;

  it(`let out what ${LIST} lists, and no more`, () => {
    refuse(differences(known.doors, now.doors, 'was removed', 'was added'));
  });

  it('let nothing out that nobody uses, but for what is listed there', () => {
    refuse(differences(known.unused, now.unused, 'is used by now, or was removed', 'is used by nobody'));
  });

  it.each(exported)('$name is a list of names from its rooms, and nothing else', ({ rest }) => {
    expect(rest).toEqual([]);
  });

  it('would show a name that slipped out, and an export of another form', () => {
    const text = `export { Outbox, inner as outer } from './outbox.js';\nexport type { Row } from './row.js';\nexport * from './relay.js';`;
    expect(exportsOf(text)).toEqual({ names: ['Outbox', 'Row', 'outer'], rest: [`export * from './relay.js';`] });
    expect(differences({ a: ['Old', 'Same'] }, { a: ['New', 'Same'], b: ['More'] }, 'went', 'came')).toEqual(['a: Old went, New came', 'b: More came']);
  });

  it('know who uses what', () => {
    const text = `import { A as B } from '@nestbox/a';\nimport type { T } from '@nestbox/a';\nconst { C } = await import('@nestbox/c');`;
    const uses = usesIn(text);
    expect([...uses.get('@nestbox/a')!]).toEqual(['A', 'T']);
    expect(uses.get('@nestbox/c')!.has('C')).toBe(true);
  });
});
