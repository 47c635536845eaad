import { defineCommand } from '../../command.js';
import type { App } from '../../shop/app.js';
import { acrossApps } from '../../shop/across-apps.js';
import { ofApps } from '../../shop/shop.js';
import { table } from '../../table.js';
import { when } from '../../when.js';
import { positive } from '../../number.js';
import { conditions, conditionsOf, why } from './dead-letter.js';
import type { DeadLetter } from './dead-letter.js';

const PAGE = 500;
const LONGEST_WHY = 100;

export const deadLettersList = defineCommand({
  name: 'dead-letters list',
  summary: 'events that a handler could not handle, oldest first',
  options: {
    ...ofApps,
    ...conditions,
    status: {
      type: 'string',
      value: '<status>',
      about: 'parked (default), delayed, redriven, discarded, edited or any',
    },
    limit: { type: 'string', value: '<n>', about: 'at most so many of each app. Default: 50' },
  },
  async run({ options, env, signal, progress }) {
    const { status = 'parked' } = options;
    const limit = positive('limit', options.limit, { whole: true }) ?? 50;
    const query = { ...conditionsOf(options), status };
    const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) => pages(app, query, limit, signal));
    const deadLetters = found.flatMap(({ app, answer }) => answer.map((deadLetter) => ({ app, ...deadLetter })));
    const rows = deadLetters.map((deadLetter) => [
      `${deadLetter.app}/${deadLetter.id}`,
      when(deadLetter.parkedAt),
      deadLetter.handler,
      deadLetter.key,
      deadLetter.eventType,
      why(deadLetter).slice(0, LONGEST_WHY),
    ]);
    const headings = ['LETTER', 'PARKED AT', 'HANDLER', 'KEY', 'EVENT', 'WHY'];
    return { json: deadLetters, text: table(headings, rows, `Nothing is ${status === 'any' ? 'there' : status}.`), failed };
  },
});

async function pages(app: App, query: Record<string, string>, limit: number, signal: AbortSignal): Promise<DeadLetter[]> {
  const deadLetters: DeadLetter[] = [];
  for (let after: string | undefined; deadLetters.length < limit;) {
    const page = new URLSearchParams({
      ...query,
      limit: String(Math.min(PAGE, limit - deadLetters.length)),
      ...(after && { after }),
    });
    const answer = await app.ask<{ letters: DeadLetter[]; next?: string }>(`/admin/dead-letters?${page}`, { signal });
    deadLetters.push(...answer.letters);
    if (answer.next === undefined) break;
    after = answer.next;
  }
  return deadLetters;
}
