import { defineCommand } from '../../command.js';
import { signed, signing } from '../../signing.js';
import type { Progress } from '../../progress.js';
import { positive } from '../../number.js';
import { table } from '../../table.js';
import { selecting, targetsOf } from './selecting.js';
import type { Target } from './selecting.js';

interface Report {
  /** Number of keys, plus dead letters that belong to no key queue. */
  readonly queues: number;
  readonly letters: number;
  readonly redriven: number;
  readonly failed: number;
  /** Set on the last line; false when the redrive was stopped early. */
  readonly done?: boolean;
  readonly first?: readonly { readonly handler: string; readonly key: string; readonly matching: number }[];
  readonly failures?: readonly {
    readonly id: string;
    readonly handler: string;
    readonly key: string;
    readonly error: string;
  }[];
}

type Redriven = Report & { readonly app: string };

export const deadLettersRedrive = defineCommand({
  name: 'dead-letters redrive',
  summary: 'gives parked events to the handler that failed, in the order of each key',
  rest: 'letter',
  options: {
    ...selecting,
    ...signing,
    rate: { type: 'string', value: '<n>', about: 'at most so many per second and app. Default: 100' },
  },
  more: `
Conditions select every key with a matching dead letter. Each key is redriven from its first event to the end or to the
next failure, which stays parked. Ctrl-C stops between two events: the rest stays parked; run the command again to go on.`,
  async run({ rest, options, env, progress, signal }) {
    const rate = positive('rate', options.rate);
    const body = { ...signed(options, env), dryRun: options['dry-run'], ...(rate && { ratePerSecond: rate }) };
    const reports: Redriven[] = [];
    for (const target of targetsOf(rest, options, env)) {
      if (signal.aborted) break;
      reports.push(await redrive(target, body, progress, signal));
    }
    return {
      json: reports,
      text: options['dry-run'] ? planOf(reports) : resultOf(reports),
      failed: reports.some(({ failed, done }) => failed > 0 || !done),
    };
  },
});

async function redrive(
  { app, selection }: Target,
  body: object,
  progress: Progress,
  signal: AbortSignal,
): Promise<Redriven> {
  let report: Report = { queues: 0, letters: 0, redriven: 0, failed: 0 };
  try {
    for await (const line of app.lines<Report>('/admin/dead-letters/redrive', {
      method: 'POST',
      body: { selection, ...body },
      signal,
    })) {
      report = line;
      progress.say(`${app.name}: ${report.redriven} redriven of ${report.letters} found, ${report.failed} failed`);
    }
  } catch (error) {
    // After Ctrl-C the last progress line is the report.
    if (!signal.aborted) throw error;
  }
  return { app: app.name, ...report };
}

function planOf(reports: readonly Redriven[]): string {
  const rows = reports.flatMap(({ app, first = [] }) =>
    first.map(({ handler, key, matching }) => [app, handler, key, matching]),
  );
  const more = reports.reduce((sum, { queues, first = [] }) => sum + queues - first.length, 0);
  const list = table(['APP', 'HANDLER', 'KEY', 'LETTERS'], rows, 'Nothing would be redriven.');
  return more > 0 ? `${list}\nand ${more} keys more` : list;
}

function resultOf(reports: readonly Redriven[]): string {
  const lines = reports.map(({ app, redriven, failed, done }) => {
    const end = done ? '' : '; stopped before the end, what is left stays parked';
    return `${app}: ${redriven} redriven, ${failed} failed${end}`;
  });
  const failures = reports.flatMap(({ app, failures: some = [] }) =>
    some.map(({ id, handler, key, error }) => [`${app}/${id}`, handler, key, error]),
  );
  return failures.length > 0
    ? `${lines.join('\n')}\n\n${table(['STILL PARKED', 'HANDLER', 'KEY', 'ERROR'], failures, '')}`
    : lines.join('\n');
}
