import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { breaksBetween } from '@nestbox/schema';
import { root } from '../../support/tools.js';
import { verdicts } from './verdicts.js';

const PAGE = join(root, 'docs/contracts.md');
const [BEGIN, END] = ['<!-- verdicts: written by test/registry/verdicts -->\n', '<!-- end of verdicts -->'];

function table(): string {
  const rows = verdicts.map(({ format, change, isCompatible, source }) => `| ${format} | ${change} | ${isCompatible ? 'may be' : 'breaks'} | ${source} |`);
  return `\n| format | change | under \`BACKWARD\` | by |\n|---|---|---|---|\n${rows.join('\n')}\n\n`;
}

describe('the verdict', () => {
  const slowest = { ms: 0, change: '' };
  afterAll(() => process.stderr.write(`Slowest of ${verdicts.length} verdicts: ${slowest.ms.toFixed(1)} ms (${slowest.change})\n`));

  it.each(verdicts.map((one) => [`${one.format}: ${one.change}: ${one.isCompatible ? 'may be' : 'breaks'}`, one] as const))('on %s', (change, { format, from, to, isCompatible }) => {
    const started = performance.now();
    const found = breaksBetween({ format, text: to }, { format, text: from });
    const ms = performance.now() - started;
    if (ms > slowest.ms) Object.assign(slowest, { ms, change });
    expect(found.map(({ reason }) => reason).length === 0).toBe(isCompatible);
    for (const text of [from, to]) expect(breaksBetween({ format, text }, { format, text })).toEqual([]);
  });

  it('is the one that docs/contracts.md tells', () => {
    const page = readFileSync(PAGE, 'utf8');
    const [before, rest] = page.split(BEGIN) as [string, string];
    const after = rest.slice(rest.indexOf(END));
    if (process.env.UPDATE) writeFileSync(PAGE, before + BEGIN + table() + after);
    expect(readFileSync(PAGE, 'utf8')).toContain(BEGIN + table() + END);
  });
});
