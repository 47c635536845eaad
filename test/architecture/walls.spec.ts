import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = process.cwd();
const depcruise = join(root, 'node_modules/.bin/depcruise');

/** One violation per wall: the file that walks into it, and what it imports. */
const planted: Record<string, { from: string; to: string }> = {
  'apps-never-meet': { from: 'apps/email/src/email.module.ts', to: 'apps/checkout/src/domain/order.ts' },
  'libs-know-no-app': { from: 'libs/platform/src/peek.ts', to: 'apps/checkout/src/domain/order.ts' },
  'kernel-imports-nothing': { from: 'libs/kernel/src/peek.ts', to: 'node_modules/pg/index.js' },
  'contracts-know-only-kernel-and-schema': { from: 'libs/contracts/src/peek.ts', to: 'libs/database/src/index.ts' },
  'schema-knows-only-kernel': { from: 'libs/schema/src/peek.ts', to: 'libs/database/src/index.ts' },
  'telemetry-knows-only-kernel': { from: 'libs/telemetry/src/peek.ts', to: 'libs/database/src/index.ts' },
  'only-platform-collects': { from: 'libs/eventing/src/collect.ts', to: 'node_modules/@opentelemetry/sdk-trace-base/index.js' },
  'database-knows-only-kernel': { from: 'libs/database/src/peek.ts', to: 'libs/platform/src/index.ts' },
  'eventing-knows-no-event': { from: 'libs/eventing/src/peek.ts', to: 'libs/contracts/src/index.ts' },
  'eventing-knows-no-platform': { from: 'libs/eventing/src/glance.ts', to: 'libs/platform/src/index.ts' },
  'platform-knows-no-eventing': { from: 'libs/platform/src/glance.ts', to: 'libs/eventing/src/index.ts' },
  'nobody-calls-the-shell': { from: 'libs/eventing/src/shell.ts', to: 'libs/cli/src/main.ts' },
  'kafkajs-in-one-room': { from: 'libs/eventing/src/relay/peek.ts', to: 'node_modules/kafkajs/index.js' },
  'through-the-front-door': { from: 'apps/checkout/src/back-door.ts', to: 'libs/eventing/src/outbox/outbox.ts' },
  'doors-see-no-tables': { from: 'apps/checkout/src/http/orders.controller.ts', to: 'apps/checkout/src/persistence/order.table.ts' },
  'domain-is-pure': { from: 'apps/checkout/src/domain/peek.ts', to: 'node_modules/typeorm/index.js' },
  'read-models-stand-alone': { from: 'apps/checkout/src/read-models/prices/prices.ts', to: 'apps/checkout/src/domain/order.ts' },
  'persistence-knows-only-domain': { from: 'apps/checkout/src/persistence/peek.ts', to: 'apps/checkout/src/commands/place-order.command.ts' },
  'adapters-serve-domain-ports': { from: 'apps/checkout/src/adapters/peek.ts', to: 'apps/checkout/src/commands/place-order.command.ts' },
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
    await writeFile(join(tree, planted['no-circles']!.to), `import { here } from './a.js';\nexport const there = here;\n`);
  });
  afterAll(() => rm(tree, { recursive: true }));

  it('stand in this repository', async () => {
    const { code, report } = await cruise(root, 'err');
    expect(report).toContain('no dependency violations found');
    expect(code).toBe(0);
  });

  it('catch every violation that is planted against them, and fail the check', async () => {
    const { default: config } = (await import(join(root, '.dependency-cruiser.mjs'))) as { default: { forbidden: { name: string }[] } };
    const rules = config.forbidden.map(({ name }) => name).sort();
    const { report } = await cruise(tree, 'json');
    // Only the reporter that `npm run check` uses has an exit code of its own.
    const { code } = await cruise(tree, 'err');

    expect(Object.keys(planted).sort()).toEqual(rules);
    expect(brokenRules(report)).toEqual(rules);
    expect(code).toBeGreaterThan(0);
  });
});

async function folder(tree: string, path: string): Promise<string> {
  const full = join(tree, path);
  await mkdir(full, { recursive: true });
  return full;
}
