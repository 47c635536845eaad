import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shell } from '../support/shell.js';
import type { Report } from './report.js';

const SEED = 7;
const MINUTES = 0.7;
/** Short ones: there is less than a minute. */
const kinds = ['app-killed', 'link-cut', 'link-slow', 'app-disconnected', 'records-repeated', 'table-locked', 'consumers-paused', 'connections-ended'];
/** Beside other tests on two cores; three times as many come where nothing else runs. */
const FEWEST_FAULTS = 8;

describe('npm run torture', () => {
  const out = mkdtempSync(join(tmpdir(), 'nestbox-report-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const torture = (options: string) => new Shell(`exec npm run --silent torture -- ${options}`, {});

  it('breaks a whole shop in many places at once, finds every law held, and says what it has seen', async () => {
    const { code, stdout, stderr } = await torture(`--seed ${SEED} --minutes ${MINUTES} --only ${kinds.join()} --out ${out}`).ended;
    const report = (): Report => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
    expect({ code, stderr, told: stdout.split('\n').slice(-60) }).toMatchObject({ code: 0 });
    const { steps, recoveries, laws, orders, command } = report();
    expect(steps.filter(({ fired }) => !fired)).toEqual([]);
    expect(laws.filter(({ held }) => !held)).toEqual([]);
    expect(steps.length).toBeGreaterThanOrEqual(FEWEST_FAULTS);
    expect(steps.some((step) => steps.some((other) => other !== step && other.began < step.ended && step.began < other.ended))).toBe(true);
    expect(recoveries.flatMap(({ after }) => after).sort((a, b) => a - b)).toEqual(steps.map(({ n }) => n).sort((a, b) => a - b));
    expect(orders).toBeGreaterThan(20);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(command);
  }, 240_000);

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
