import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faults } from './faults/index.js';
import { HistoryError, isBroken, judge, parseHistory, verdictText } from './history.js';
import { help, readOptions, UsageError } from './options.js';
import type { TortureOptions } from './options.js';
import { planOf, planText } from './plan.js';
import { exitCodes } from './report.js';
import type { Report } from './report.js';
import { pageOf } from './report-page.js';
import { runTorture } from './run.js';
import type { Ground } from './run.js';
import { PAGE, writeDocs } from './write-docs.js';

/** What the tools give: they know how to start servers, and how to tell a fault from a bug. */
interface House {
  readonly Fault: new (message: string, exitCode: number) => Error;
  withGround(work: (ground: Ground) => Promise<number>, options: { smallDisk: boolean }): Promise<number>;
}

const USAGE = 2;
const say = (text: string) => process.stdout.write(`${text}\n`);

export async function torture(args: readonly string[], { Fault, withGround }: House): Promise<number> {
  try {
    const options = readOptions(args, faults.map(({ kind }) => kind));
    if (options.check !== undefined) return check(options.check);
    if (options.docs) return document(options.docs);
    if (options.show !== 'run') return show(options);
    announce(options);
    return await withGround(async (ground) => conclude(options, await runTorture(options, ground, say)), { smallDisk: options.disk });
  } catch (error) {
    const isTheirs = error instanceof UsageError || error instanceof HistoryError;
    throw isTheirs ? new Fault(error.message, USAGE) : error;
  }
}

function announce(options: TortureOptions): void {
  say(`Seed ${options.seed} on ${options.broker}, ${options.minutes} min, ${options.rate} orders a second; about, at most ${options.atOnce} faults at once:`);
  say(planText(planOf(faults, options)));
}

function show(options: TortureOptions): number {
  if (options.show === 'help') say(help);
  if (options.show === 'plan') announce(options);
  if (options.show === 'kinds') for (const { kind, about } of faults) say(`${kind.padEnd(22)} ${about}`);
  return 0;
}

function document(files: readonly string[]): number {
  writeDocs(files);
  say(`${PAGE} is written.`);
  return 0;
}

function check(file: string): number {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The history cannot be read: ${(error as Error).message}`);
  }
  const verdicts = judge(parseHistory(text));
  say(verdictText(verdicts).trimEnd());
  return isBroken(verdicts) ? 1 : 0;
}

function conclude({ out }: TortureOptions, report: Report): number {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(out, 'report.html'), pageOf(report));
  say('');
  for (const { name, held, detail } of report.laws) say(`${held ? 'held  ' : 'BROKEN'}  ${name}: ${detail}`);
  for (const { n, kind, target, seen } of report.steps.filter(({ fired }) => !fired)) say(`VOID    ${n}. ${kind} ${target}: ${seen}`);
  const { records, letters, effects } = report.duplicates;
  say(`${report.orders} orders, ${report.steps.length} faults; ${records} records and ${letters} letters came again, ${effects} effects were doubled.`);
  say(`${report.verdict.toUpperCase()}${report.interrupted ? ' until it was interrupted' : ''}. ${join(out, 'report.html')}`);
  say(`Again: ${report.command}`);
  return exitCodes[report.verdict];
}
