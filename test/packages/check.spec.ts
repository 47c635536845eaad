import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'packages', 'check.mjs');
const checkPackages: (root: string) => Promise<{ libs: number; faults: string[] }> = (await import(tool)).checkPackages;

type Manifest = Record<string, unknown>;
type Files = Record<string, string | undefined>;
interface Planted {
  readonly manifest?: Manifest;
  readonly files?: Files;
  readonly fault: string;
}

const index = (text: string, types = 'export declare const a = 1;\n'): Files => ({
  'src/index.ts': text,
  'dist/index.js': `${text}//# sourceMappingURL=index.js.map\n`,
  'dist/index.d.ts': types,
});
const peers = (...names: string[]) => ({ peerDependencies: Object.fromEntries(names.map((name) => [name, '^1.0.0'])) });
const optional = (name: string) => ({ ...peers(name), peerDependenciesMeta: { [name]: { optional: true } } });
const importsPg = "import 'pg';\nexport const a = 1;\n";
const speaksOfPg = index(importsPg, "import type { Client } from 'pg';\nexport declare const a: Client;\n");

const needs = (name: string, ...more: Manifest[]) => Object.assign({ dependencies: { [`@nestbox/${name}`]: '0.3.0' } }, ...more) as Manifest;
const scripts = (text: string): Files => ({ ...index(text), 'dist/index.d.ts': 'export declare const a: unknown;\n' });

/** With nothing wrong: what loads an optional package at once comes along with what loads it when it is used. */
const sound: Record<string, Partial<Planted>> = {
  sound: {},
  'sound-client': { manifest: optional('pg'), files: index(importsPg) },
  'sound-facade': { manifest: needs('sound-client', optional('pg')), files: scripts("export const a = () => import('@nestbox/sound-client');\n") },
  'sound-hasty': { manifest: needs('hasty-client', optional('pg')), files: index("import '@nestbox/hasty-client';\nexport const a = 1;\n") },
};

/** One fault for each lib, which is otherwise sound. */
const planted: Record<string, Planted> = {
  undeclared: { files: index(importsPg), fault: 'src/index.ts imports pg, which package.json does not declare: add it to peerDependencies' },
  'type-alone': {
    files: { ...index('export const a = 1;\n'), 'src/index.ts': "import type {} from 'pg';\nexport const a = 1;\n" },
    fault: 'src/index.ts imports pg, which package.json does not declare',
  },
  unused: { manifest: peers('pg'), fault: 'package.json declares pg, which nothing imports: remove it' },
  'one-copy': { manifest: { dependencies: { pg: '^1.0.0' } }, files: index(importsPg), fault: 'pg is in dependencies, and an app would have two of it' },
  'without-types': { manifest: peers('pg'), files: speaksOfPg, fault: 'dist/index.d.ts speaks of types of pg: add @types/pg to dependencies' },
  eager: { manifest: optional('pg'), files: index(importsPg), fault: 'pg is optional, but dist/index.js loads it at once' },
  'hasty-client': { manifest: optional('pg'), files: index(importsPg), fault: 'pg is optional, but dist/index.js loads @nestbox/hasty-client, which needs it, at once' },
  withheld: {
    manifest: needs('sound-client'),
    files: scripts("export const a = () => import('@nestbox/sound-client');\n"),
    fault: 'pg is an optional peer of @nestbox/sound-client: make it one here, too',
  },
  'optional-types': {
    manifest: { ...optional('pg'), dependencies: { '@types/pg': '^1.0.0' } },
    files: { ...speaksOfPg, ...Object.fromEntries(Object.entries(index("export const a = () => import('pg');\n")).filter(([file]) => !file.endsWith('.d.ts'))) },
    fault: 'pg is optional, but dist/index.d.ts does not compile without it',
  },
  'no-peer': { manifest: { peerDependenciesMeta: { pg: { optional: true } } }, fault: 'peerDependenciesMeta names pg, which is no peer' },
  untried: { manifest: { peerDependencies: { pg: '^2.0.0' } }, files: index(importsPg), fault: 'declares pg ^2.0.0, but 1.5.0 is what the tests run with' },
  absent: { manifest: { dependencies: { ghost: '*' } }, files: index("import 'ghost';\nexport const a = 1;\n"), fault: 'declares ghost, which is not installed here' },
  'other-version': {
    manifest: { dependencies: { '@nestbox/sound': '^0.3.0' } },
    files: index("import '@nestbox/sound';\nexport const a = 1;\n"),
    fault: 'declares @nestbox/sound ^0.3.0, but libs go together in one version: say 0.3.0',
  },
  'stays-home': {
    manifest: { dependencies: { '@nestbox/private': '0.3.0' } },
    files: index("import '@nestbox/private';\nexport const a = 1;\n"),
    fault: 'needs @nestbox/private, which is not published',
  },
  version: { manifest: { version: '0.4.0' }, fault: '"version" is "0.4.0": say "0.3.0"' },
  files: { manifest: { files: ['dist'] }, fault: '"files" is ["dist"]: say ["dist","README.md","LICENSE"]' },
  silent: { manifest: { description: '' }, fault: 'has no "description"' },
  door: { files: { 'src/testing/index.ts': 'export const a = 1;\n' }, fault: 'has src/testing/index.ts, but exports no "./testing"' },
  licence: { files: { LICENSE: 'do as you like\n' }, fault: 'LICENSE is not the one of the repository: copy that' },
  wordless: { files: { 'README.md': undefined }, fault: 'has no README.md' },
  headless: { files: { 'README.md': '# @nestbox/headless\n\n## What it is\n\n## Use\n\n```ts\n```\n\n## Licence\n' }, fault: 'README.md has no heading "## What it guarantees": add it' },
  fixture: { files: { 'dist/shop.fixture.d.ts': 'export {};\n' }, fault: 'packs dist/shop.fixture.d.ts, which is for its own tests' },
  mapless: { files: { 'dist/index.js.map': undefined }, fault: 'packs dist/index.js without its map' },
  'empty-map': { files: { 'dist/index.js.map': '{"version":3,"sources":["../src/index.ts"],"mappings":""}' }, fault: 'packs dist/index.js.map without the sources in it' },
  commonjs: { files: index('module.exports = 1;\n'), fault: 'publint: ' },
  'wrong-types': { files: index('export const a = 1;\n', "export { a } from './gone.js';\n"), fault: 'attw: InternalResolutionError' },
};

describe('npm run packages', () => {
  let root: string;
  let result: { libs: number; faults: string[] };

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'nestbox-check-'));
    const house = { name: 'house', version: '0.3.0', private: true, license: 'MIT', engines: { node: '>=20' }, workspaces: ['libs/*'], devDependencies: { '@types/pg': '1.5.0' } };
    write('package.json', JSON.stringify(house));
    write('LICENSE', 'MIT\n');
    for (const name of ['pg', '@types/pg']) write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.5.0' }));
    for (const [name, plant] of Object.entries(sound)) lib(name, plant);
    lib('private', { manifest: { private: true, version: '9.9.9' }, files: { LICENSE: undefined } });
    for (const [name, plant] of Object.entries(planted)) lib(name, plant);
    result = await checkPackages(root);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('finds nothing in a lib that is sound, and does not look at one that stays at home', () => {
    expect(result.faults.filter((fault) => /^libs\/(sound|private)/.test(fault))).toEqual([]);
    expect(result.libs).toBe(Object.keys({ ...planted, ...sound }).length);
  });

  it.each(Object.entries(planted))('finds what is wrong with one that is called %s, and nothing else', (name, { fault }) => {
    const found = result.faults.filter((line) => line.startsWith(`libs/${name}: `));
    expect(found).toEqual([expect.stringContaining(`libs/${name}: ${fault}`)]);
  });

  function lib(name: string, { manifest = {}, files = {} }: Partial<Planted>): void {
    const own = {
      name: `@nestbox/${name}`,
      version: '0.3.0',
      description: 'A lib.',
      license: 'MIT',
      type: 'module',
      engines: { node: '>=20' },
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
      files: ['dist', 'README.md', 'LICENSE'],
    };
    const map = '{"version":3,"sources":["../src/index.ts"],"sourcesContent":["export const a = 1;"],"mappings":""}';
    const readme = `# @nestbox/${name}\n\n## What it is\n\n## Use\n\n\`\`\`ts\n\`\`\`\n\n## What it guarantees\n\n## Licence\n`;
    const all: Files = { LICENSE: 'MIT\n', 'README.md': readme, 'dist/index.js.map': map, ...index('export const a = 1;\n'), ...files };
    write(`libs/${name}/package.json`, JSON.stringify({ ...own, ...manifest }));
    for (const [file, text] of Object.entries(all)) if (text !== undefined) write(`libs/${name}/${file}`, text);
  }

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});
