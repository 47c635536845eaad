import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = process.cwd();
const depcruise = join(root, 'node_modules/.bin/depcruise');

interface Config {
  readonly default: { readonly forbidden: readonly { readonly name: string }[] };
  readonly floors: Readonly<Record<string, readonly string[]>>;
  readonly rooms: Readonly<Record<string, readonly string[]>>;
}

/** The file that walks into a wall, and what it imports. */
interface Violation {
  readonly from: string;
  readonly to: string;
}

const { default: config, floors, rooms } = (await import(join(root, '.dependency-cruiser.mjs'))) as Config;

/** Of every lib, an import of a lib that it does not stand on. */
const floorViolations = Object.entries(floors).map(([lib, below]): [string, Violation] => {
  const above = [...Object.keys(floors)].reverse().find((other) => other !== lib && !below.includes(other))!;
  return [`floor-of-${lib}`, { from: `libs/${lib}/src/upwards.ts`, to: `libs/${above}/src/index.ts` }];
});

/** Of every room, an import of the room after it. */
const roomViolations = Object.entries(rooms).flatMap(([lib, names]) =>
  names.slice(0, -1).map((room, at): [string, Violation] => [
    `room-${room}-of-${lib}`,
    { from: `libs/${lib}/src/${room}/onwards.ts`, to: `libs/${lib}/src/${names[at + 1]}/there.ts` },
  ]),
);

/** One violation per wall. */
const planted: Readonly<Record<string, Violation>> = {
  ...Object.fromEntries([...floorViolations, ...roomViolations]),
  'apps-never-meet': { from: 'apps/email/src/email.module.ts', to: 'apps/checkout/src/domain/order.ts' },
  'libs-know-no-app': { from: 'libs/platform/src/peek.ts', to: 'apps/checkout/src/domain/order.ts' },
  'kernel-imports-nothing': { from: 'libs/kernel/src/peek.ts', to: 'node_modules/pg/index.js' },
  'only-platform-collects': { from: 'libs/eventing/src/collect.ts', to: 'node_modules/@opentelemetry/sdk-trace-base/index.js' },
  'nobody-calls-the-shell': { from: 'apps/checkout/src/shell.ts', to: 'libs/cli/src/main.ts' },
  'kafka-clients-in-one-lib': { from: 'libs/outbox/src/relay/peek.ts', to: 'node_modules/kafkajs/index.js' },
  'through-the-front-door': { from: 'libs/sagas/src/back-door.ts', to: 'libs/outbox/src/outbox/outbox.ts' },
  'doors-see-no-tables': { from: 'apps/checkout/src/http/orders.controller.ts', to: 'apps/checkout/src/persistence/order.table.ts' },
  'domain-is-pure': { from: 'apps/checkout/src/domain/peek.ts', to: 'node_modules/typeorm/index.js' },
  'read-models-stand-alone': { from: 'apps/checkout/src/read-models/prices/prices.ts', to: 'apps/checkout/src/domain/order.ts' },
  'persistence-knows-only-domain': { from: 'apps/checkout/src/persistence/peek.ts', to: 'apps/checkout/src/commands/place-order.command.ts' },
  'adapters-serve-domain-ports': { from: 'apps/checkout/src/adapters/peek.ts', to: 'apps/checkout/src/commands/place-order.command.ts' },
  // Of types alone: a circle of values is one of types as well.
  'no-circles': { from: 'libs/kernel/src/a.ts', to: 'libs/kernel/src/b.ts' },
};

async function cruise(cwd: string, outputType: 'json' | 'err'): Promise<{ code: number; report: string }> {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', outputType, 'apps', 'libs'];
  const run = promisify(execFile)(depcruise, args, { cwd, maxBuffer: 64 << 20 });
  return run.then(
    ({ stdout }) => ({ code: 0, report: stdout }),
    ({ code, stdout, stderr }) => ({ code, report: stdout || stderr }),
  );
}

function brokenRules(report: string): string[] {
  const { summary } = JSON.parse(report) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
}

describe('the walls', () => {
  let tree: string;

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'walls-'));
    for (const file of ['.dependency-cruiser.mjs', '.dependency-cruiser.resolve.mjs', 'tsconfig.json', 'package.json']) await cp(join(root, file), join(tree, file));
    await symlink(join(root, 'node_modules/typescript'), join(await folder(tree, 'node_modules'), 'typescript'));
    for (const { from, to } of Object.values(planted)) {
      await folder(tree, dirname(to));
      await folder(tree, dirname(from));
      await writeFile(join(tree, to), 'export const there = 1;\n');
    }
    for (const { from, to } of Object.values(planted)) {
      const up = '../'.repeat(from.split('/').length - 1);
      await writeFile(join(tree, from), `import { there } from '${up}${to.replace(/\.ts$/, '.js')}';\nexport const here = there;\n`);
    }
    const { from, to } = planted['no-circles']!;
    await writeFile(join(tree, from), `import type { there } from './b.js';\nexport const here = 1 as typeof there;\n`);
    await writeFile(join(tree, to), `import type { here } from './a.js';\nexport const there = 1 as typeof here;\n`);
  });
  afterAll(() => rm(tree, { recursive: true }));

  it('stand in this repository', async () => {
    const { code, report } = await cruise(root, 'err');
    expect(report).toContain('no dependency violations found');
    expect(code).toBe(0);
  });

  it('stand around every lib, and between all rooms of those that have some', async () => {
    const libs = await foldersIn('libs');
    expect(Object.keys(floors).sort()).toEqual(libs.filter((lib) => lib !== 'cli'));
    for (const [lib, names] of Object.entries(rooms)) {
      const there = (await foldersIn(`libs/${lib}/src`)).filter((name) => !['testing', 'fixtures'].includes(name));
      expect([...names].sort()).toEqual(there);
    }
  });

  it('catch every violation that is planted against them, and fail the check', async () => {
    const rules = config.forbidden.map(({ name }) => name).sort();
    const { report } = await cruise(tree, 'json');
    // Only the reporter that `npm run check` uses has an exit code of its own.
    const { code } = await cruise(tree, 'err');

    expect(Object.keys(planted).sort()).toEqual(rules);
    expect(brokenRules(report)).toEqual(rules);
    expect(code).toBeGreaterThan(0);
  });
});

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

async function folder(tree: string, path: string): Promise<string> {
  const full = join(tree, path);
  await mkdir(full, { recursive: true });
  return full;
}
