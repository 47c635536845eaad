import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shell } from '../support/shell.js';
import type { Report } from './report.js';

const SEED = 7;
const kinds = ['app-killed', 'link-cut', 'records-repeated', 'connections-ended'];

describe('npm run torture', () => {
  const out = mkdtempSync(join(tmpdir(), 'nestbox-report-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const torture = (options: string) => new Shell(`exec npm run --silent torture -- ${options}`, {});

  it('breaks a whole shop on a schedule of its seed, finds every law held, and says what it has seen', async () => {
    const { code, stdout, stderr } = await torture(`--seed ${SEED} --minutes 1 --only ${kinds.join()} --out ${out}`).ended;
    expect({ code, stderr, told: stdout.split('\n').slice(-14) }).toMatchObject({ code: 0 });
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
    expect(new Set(report.steps.map(({ kind }) => kind))).toEqual(new Set(kinds));
    expect(report.steps.every(({ fired }) => fired)).toBe(true);
    expect(report.laws.filter(({ held }) => !held)).toEqual([]);
    expect(report.duplicates.records).toBeGreaterThan(0);
    expect(report.orders).toBeGreaterThan(50);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(report.command);
  }, 180_000);

  it('judges the history of somebody else by its exit code, too', async () => {
    const history = join(out, 'history.jsonl');
    writeFileSync(history, '{"kind":"published","key":"a","version":1}\n{"kind":"effect","key":"a","version":1,"consumer":"mail"}\n');
    expect(await torture(`--check ${history}`).ended).toMatchObject({ code: 0, stdout: 'mail: 1 events, 0 lost, 0 doubled, 0 inverted (0 delivered again)\n' });
    writeFileSync(history, '{"kind":"effect","key":"a","version":1,"consumer":"mail"}\n', { flag: 'a' });
    expect(await torture(`--check ${history}`).ended).toMatchObject({ code: 1, stdout: expect.stringContaining('1 doubled') });
  }, 60_000);

  it('refuses what it does not understand in one line', async () => {
    const { code, stderr } = await torture('--broker nats').ended;
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'The torture does not run on nats yet: --broker postgres or --broker kafka\n' });
  }, 60_000);
});
