import { clock } from './plan.js';
import { stages } from './probe.js';
import { byKind, ofSeveral, spreadsOf, throughput } from './report.js';
import type { Happened, Recoveries, Report, Spread } from './report.js';

const WIDTH = 900;
const HEIGHT = 160;
/** More faults than this are only bands: their numbers would lie over each other. */
const MOST_NUMBERS = 40;

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2024, #e6e8ea); --back: light-dark(#fff, #16191d); --line: light-dark(#d5dade, #3a4048);
  --good: light-dark(#19714a, #5fd09a); --bad: light-dark(#b3261e, #ff8a80); --band: light-dark(#f3c9a266, #b86a2a66); --flow: light-dark(#1f5fa8, #7db4ff); --lag: light-dark(#8a3ea8, #d49bf0); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } .wide { overflow-x: auto; } code, pre { font: 13px/1.4 ui-monospace, monospace; white-space: pre-wrap; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 11px; }`;

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** One file that needs nothing else, in the light and in the dark. */
export function pageOf(report: Report): string {
  const { broker, seed, verdict, command, orders, failedTries, startedAt, duplicates, interrupted } = report;
  const title = `Torture on ${broker}, seed ${seed}: ${verdict}`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style>
<h1>${escaped(title)}</h1>
<p>${startedAt}${interrupted ? ', interrupted' : ''}. ${orders} orders confirmed; ${failedTries} tries of customers came to nothing and were made again.
Again: <code>${escaped(command)}</code></p>
<h2>Laws</h2>${table(['law', 'what it says', '', 'seen'], report.laws.map(({ name, about, held, detail }) => [escaped(name), escaped(about), mark(held, 'held', 'broken'), `<pre>${escaped(detail)}</pre>`]))}
<p>Delivered again: ${duplicates.records} records, ${duplicates.letters} letters. Effects doubled: ${duplicates.effects}.</p>
<h2>Timeline</h2>${chart('orders a second', 'flow', throughput(report.samples).map(({ at, perSecond }) => [at, perSecond]), report)}
${chart('events not read yet', 'lag', report.samples.flatMap(({ at, lag }) => (lag === undefined ? [] : [[at, lag] as const])), report)}
<h2>Recovery</h2><p>Milliseconds from the end of a fault that was alone until a new order was taken, shipped, mailed, and found in search: p50 / p95 / max.</p>
${table(['fault', 'injected', ...stages], recoveryRows(report), 1)}
<h2>Faults</h2>${table(['', 'at', 'fault', 'target', '', 'evidence'], report.steps.map(row))}
</html>
`;
}

function recoveryRows(report: Report): string[][] {
  const cells = (recovery: Recoveries) => stages.map((stage) => spreadText(recovery[stage]));
  const several = ofSeveral([report]);
  const kinds = byKind([report]).map(({ kind, injected, recovery }) => [escaped(kind), String(injected), ...cells(recovery)]);
  return [...kinds, ['after rounds of several', String(several.length), ...cells(spreadsOf(several))]];
}

function row({ n, began, ended, kind, target, fired, seen }: Happened): string[] {
  return [String(n), `${clock(began)}–${clock(ended)}`, escaped(kind), escaped(target), mark(fired, 'happened', 'void'), escaped(seen)];
}

function mark(good: boolean, yes: string, no: string): string {
  return good ? `<span class="good">${yes}</span>` : `<span class="bad">${no}</span>`;
}

export function spreadText(spread: Spread | undefined): string {
  return spread ? `${spread.p50} / ${spread.p95} / ${spread.max}` : '–';
}

/** `figures`: from this column on. */
function table(head: readonly string[], rows: readonly (readonly string[])[], figures = Infinity): string {
  const cells = (tag: string, row: readonly string[]) => row.map((cell, n) => `<${tag}${n >= figures ? ' class="n"' : ''}>${cell}</${tag}>`).join('');
  return `<div class="wide"><table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table></div>`;
}

/** A line over the time of the run; faults are bands behind it. */
function chart(title: string, colour: string, points: readonly (readonly [number, number])[], { steps, samples }: Report): string {
  const end = Math.max(1, samples.at(-1)?.at ?? 1, ...steps.map(({ ended }) => ended));
  const top = Math.max(1, ...points.map(([, value]) => value));
  const x = (at: number) => ((at / end) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - (value / top) * (HEIGHT - 20)).toFixed(1);
  const bands = steps.map(
    ({ n, kind, target, began, ended }) =>
      `<rect x="${x(began)}" width="${Math.max(1, Number(x(ended)) - Number(x(began)))}" y="14" height="${HEIGHT - 14}" fill="var(--band)"><title>${n}. ${escaped(`${kind} ${target}`)}</title></rect>${steps.length > MOST_NUMBERS ? '' : `<text x="${x(began)}" y="24">${n}</text>`}`,
  );
  const line = points.map(([at, value]) => `${x(at)},${y(value)}`).join(' ');
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT + 4}" role="img" aria-label="${title}"><text x="0" y="10">${title}, at most ${Math.round(top * 10) / 10}, in ${clock(end)}</text>${bands.join('')}<polyline points="${line}" fill="none" stroke="var(--${colour})" stroke-width="1.5"/></svg>`;
}
