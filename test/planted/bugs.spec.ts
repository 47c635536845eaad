import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Bug {
  readonly name: string;
  readonly bug: string;
  readonly file: string;
  readonly old: string;
  readonly new: string;
  readonly specs: readonly string[];
}

interface Planted {
  readBugs(root: string): Promise<Bug[]>;
  faultOf(bug: Bug, root: string): string | undefined;
  plant(text: string, bug: Bug): string;
}

const root = process.cwd();

describe('the bugs that "npm run planted" plants', () => {
  let planted: Planted;
  let bugs: Bug[];
  beforeAll(async () => {
    // A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
    const file = join(root, 'tools', 'planted', 'bugs.mjs');
    planted = (await import(file)) as Planted;
    bugs = await planted.readBugs(root);
  });

  it('can all be planted, and name specs that exist', () => {
    expect(bugs.flatMap((bug) => planted.faultOf(bug, root) ?? [])).toEqual([]);
  });

  it('have names of their own', () => {
    const names = bugs.map(({ name }) => name);
    expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  });

  it('touch every lib and app', () => {
    const parts = ['libs', 'apps'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}/`));
    const untouched = parts.filter((part) => !bugs.some(({ file }) => file.startsWith(part)));
    // What these do shows only in tests with real services.
    expect(untouched).toEqual(['apps/analytics/', 'apps/fulfilment/', 'apps/registry/']);
  });

  it.each([
    ['its old text is found 0 times', { old: 'what nobody wrote' }],
    ['its old text is found 5 times in libs/kernel/src/async/back-off.ts, not once', { old: 'longestMs' }],
    ['there is no libs/kernel/src/gone.ts', { file: 'libs/kernel/src/gone.ts' }],
    ['there is no libs/kernel/src/gone.spec.ts', { specs: ['libs/kernel/src/gone.spec.ts'] }],
    ['it names no spec', { specs: [] }],
    ['no spec of it has a test "sleeps"', { test: 'sleeps' }],
  ])('are refused by name where %s', (fault, change) => {
    const [bug] = bugs.filter(({ file }) => file === 'libs/kernel/src/async/back-off.ts');
    expect(planted.faultOf({ ...bug!, ...change }, root)).toContain(`${bug!.name}: ${fault}`);
  });

  it('are planted as they are written, whatever characters they have', () => {
    expect(planted.plant('a + b', { ...bugs[0]!, old: '+', new: "$& $' $1" })).toBe("a $& $' $1 b");
  });
});
