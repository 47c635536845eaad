import { stages } from './probe.js';
import { byKind, ofSeveral, spreadsOf } from './report.js';
import type { Recoveries, Report } from './report.js';
import { spreadText } from './report-page.js';

/** A bug that somebody has put into the shop on purpose, to see whether the torture finds it. */
export interface PlantedBug {
  readonly bug: string;
  /** The law that it broke; nothing if nobody noticed. */
  readonly caughtBy?: string;
}

const format = `\`npm run torture -- --check history.jsonl\` holds the laws of lost, doubled and inverted against the history of another
system. Write one line of JSON for everything that was published, delivered, or done, in the order in which it happened:

\`\`\`json
{"kind":"published","topic":"checkout.orders","key":"order-1","version":1,"eventId":"e-1","at":"2026-11-29T05:00:00Z"}
{"kind":"handled","topic":"checkout.orders","key":"order-1","version":1,"eventId":"e-1","consumer":"email","at":"2026-11-29T05:00:01Z"}
{"kind":"effect","topic":"checkout.orders","key":"order-1","version":1,"eventId":"e-1","consumer":"email","at":"2026-11-29T05:00:01Z"}
\`\`\`

\`version\` counts the events of a key from 1; \`eventId\` names one event. One of both is enough, but only versions show what came
in the wrong order. \`topic\` and \`at\` may be absent. A \`handled\` may be there twice: that is a repeated delivery. An \`effect\` that is
there twice is doubled. Who has effects is judged by them, others by what they have handled. A consumer is held to every topic
of which it has a line.`;

const found = `- An app whose log was on a full disk ended. Mended: lines are counted, and told when there is room (f673b40).
- A database that is closed for a while (55000) counted as a fault of the event and used up its attempts (4a3d0d2).
- After a kill the new process waited up to ten seconds for its predecessor’s lease of the outbox, and everybody up to five for
  whatever was away (e55793f, 18a5096).
- Faults of the torture itself made two runs below broken and two void: its operator asked a second instance that had gone, or an
  app without consumers to pause them.`;

const notCovered = `- The schema registry: the shop of the torture runs without one, so that what lies on topics can be read. Its outages have tests
  of their own (\`test/registry\`).
- A Kafka of several nodes: leaders do not move, replicas do not fall behind.
- Machines: a power failure, a disk that lies about what it has written. A full disk only with \`--disk\`.
- A clock that jumps while a process runs; a process whose clock is wrong from its start is covered.
- Days: a run is as long as somebody lets it run. Slow leaks need the long one.
- What nobody has thought of. A run in which every law held shows that these faults, at these times, broke nothing.`;

/** Everything that stands in docs/reliability.md: written by the command, never by hand. */
export function reliabilityPage(reports: readonly Report[], planted: readonly PlantedBug[]): string {
  const brokers = [...new Set(reports.map(({ broker }) => broker))].sort();
  return `# Reliability

What the shop was put through, and what became of it. Written by \`npm run torture -- --write-docs\` from the reports of the runs
below: change \`test/torture/reliability-page.ts\`, not this page. \`npm run torture -- --help\` tells how to run it.

- [Runs](#runs), [laws](#laws), [faults and recovery](#faults-and-recovery), [void runs](#void-runs)
- [Planted bugs](#planted-bugs): does the torture notice when something is wrong?
- [Found on the way](#found-on-the-way), [what is not covered](#what-is-not-covered)
- [A history of your own](#a-history-of-your-own)

## Runs

${totals(reports)}

${table(['broker', 'seed', 'minutes', 'orders', 'faults', 'delivered again', 'effects doubled', 'verdict', 'again'], reports.map(runRow))}

*Delivered again*: records and letters that repeat earlier ones, which is allowed. *Void*: a fault did not happen.

## Laws

${table(['law', 'what it says', 'held', 'broken'], lawRows(reports))}

## Faults and recovery

Milliseconds from the end of a fault that was alone until a new order was taken, shipped, mailed, and found in search: p50 / p95 / max. Most faults
run beside others, so their recovery is measured as that of the whole round, in the last row. The figures are of a machine with two cores
that ran everything.

${brokers.map((broker) => faultTable(broker, reports.filter((report) => report.broker === broker))).join('\n\n')}

## Void runs

${voidText(reports)}

## Planted bugs

${plantedText(planted)}

## Found on the way

${found}

## What is not covered

${notCovered}

## A history of your own

${format}
`;
}

function totals(reports: readonly Report[]): string {
  const faults = reports.flatMap(({ steps }) => steps);
  const orders = reports.reduce((sum, report) => sum + report.orders, 0);
  const runs = reports.length === 1 ? '1 run' : `${reports.length} runs`;
  return `In ${runs} ${faults.filter(({ fired }) => fired).length} of ${faults.length} faults happened, while ${orders} orders were confirmed.`;
}

function runRow({ broker, seed, minutes, orders, steps, duplicates, verdict, command }: Report): string[] {
  const again = String(duplicates.records + duplicates.letters);
  return [broker, String(seed), String(minutes), String(orders), String(steps.length), again, String(duplicates.effects), verdict, `\`${command}\``];
}

function lawRows(reports: readonly Report[]): string[][] {
  const laws = reports.flatMap(({ laws }) => laws);
  return [...new Map(laws.map(({ name, about }) => [name, about]))].map(([name, about]) => {
    const own = laws.filter((law) => law.name === name);
    const held = own.filter((law) => law.held).length;
    return [name, about, `${held} runs`, `${own.length - held} runs`];
  });
}

function faultTable(broker: string, reports: readonly Report[]): string {
  const cells = (recovery: Recoveries) => stages.map((stage) => spreadText(recovery[stage]));
  const rows = byKind(reports).map(({ kind, about, injected, fired, recovery }) => [kind, about, `${fired} of ${injected}`, ...cells(recovery)]);
  const several = ofSeveral(reports);
  const last = several.length > 0 ? [['rounds of several', 'faults of different apps run beside each other', `${several.length} rounds`, ...cells(spreadsOf(several))]] : [];
  return `On ${broker}:\n\n${table(['fault', 'what it does', 'happened', ...stages], [...rows, ...last])}`;
}

function voidText(reports: readonly Report[]): string {
  const steps = reports.flatMap(({ broker, seed, steps }) => steps.map((step) => ({ ...step, run: `${broker}, seed ${seed}` })));
  const lines = steps.filter(({ fired }) => !fired).map(({ run, n, kind, target }) => `- ${run}: ${n}. ${kind} (${target}) did not happen.`);
  return lines.join('\n') || 'None: every fault of every run happened.';
}

function plantedText(planted: readonly PlantedBug[]): string {
  if (planted.length === 0) return 'None were planted for these runs. That each law can fail is shown by `test/torture/laws.spec.ts`.';
  const caught = planted.filter(({ caughtBy }) => caughtBy !== undefined).length;
  return `${caught} of ${planted.length} were caught.\n\n${table(['bug', 'caught by'], planted.map(({ bug, caughtBy }) => [bug, caughtBy ?? '**nobody**']))}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
