import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = process.cwd();
const configuration = ['.dependency-cruiser.mjs', '.dependency-cruiser.resolve.mjs', 'tsconfig.json', 'package.json'];

interface Cruised {
  modules: { source: string; dependencies: { module: string; resolved: string }[] }[];
  summary: { violations: { rule: { name: string }; to: string }[] };
}

describe('the walls, where a lib is called by its package name', () => {
  let tree: string;
  let cruised: Cruised;

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'walls-'));
    for (const file of configuration) await cp(join(root, file), join(tree, file));
    await plant('libs/database/package.json', await exportsOf('database'));
    await plant('libs/database/src/index.ts', 'export const there = 1;\n');
    await plant('libs/database/src/testing/index.ts', 'export const there = 1;\n');
    for (const compiled of ['index', 'testing/index']) {
      await plant(`libs/database/dist/${compiled}.js`, 'export const there = 1;\n');
      await plant(`libs/database/dist/${compiled}.d.ts`, 'export declare const there = 1;\n');
    }
    await plant('libs/kernel/src/peek.ts', "import { there } from '@nestbox/database';\nexport const here = there;\n");
    await plant('libs/kernel/src/glance.ts', "import { there } from '@nestbox/database/testing';\nexport const here = there;\n");
    await mkdir(join(tree, 'apps'));
    await mkdir(join(tree, 'node_modules/@nestbox'), { recursive: true });
    await symlink(join(root, 'node_modules/typescript'), join(tree, 'node_modules/typescript'));
    await symlink(join(tree, 'libs/database'), join(tree, 'node_modules/@nestbox/database'));
    cruised = await cruise();
  });
  afterAll(() => rm(tree, { recursive: true }));

  it('see its sources, not what its package.json exports', () => {
    const found = cruised.modules.flatMap(({ dependencies }) => dependencies);
    expect(Object.fromEntries(found.map(({ module, resolved }) => [module, resolved]))).toEqual({
      '@nestbox/database': 'libs/database/src/index.ts',
      '@nestbox/database/testing': 'libs/database/src/testing/index.ts',
    });
  });

  it('stop whoever goes through them, by either door', () => {
    const stopped = cruised.summary.violations.filter(({ rule }) => rule.name === 'floor-of-kernel').map(({ to }) => to);
    expect(stopped.sort()).toEqual(['libs/database/src/index.ts', 'libs/database/src/testing/index.ts']);
  });

  async function plant(file: string, text: string): Promise<void> {
    await mkdir(join(tree, dirname(file)), { recursive: true });
    await writeFile(join(tree, file), text);
  }

  async function exportsOf(lib: string): Promise<string> {
    const { default: manifest } = await import(join(root, 'libs', lib, 'package.json'), { with: { type: 'json' } });
    return JSON.stringify(manifest);
  }

  async function cruise(): Promise<Cruised> {
    const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'libs'];
    const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/depcruise'), args, { cwd: tree });
    return JSON.parse(stdout) as Cruised;
  }
});
