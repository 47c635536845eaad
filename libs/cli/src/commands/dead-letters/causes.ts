import { defineCommand } from '../../command.js';
import { acrossApps } from '../../shop/across-apps.js';
import { ofApps } from '../../shop/shop.js';
import { table } from '../../table.js';
import { when } from '../../when.js';
import { conditions, conditionsOf } from './dead-letter.js';

interface CauseCount {
  readonly handler: string;
  readonly cause: string;
  readonly letters: number;
  readonly keys: number;
  readonly since: string;
}

export const deadLettersCauses = defineCommand({
  name: 'dead-letters causes',
  summary: 'the causes of parked events, and how many each has',
  options: { ...ofApps, ...conditions },
  async run({ options, env, signal, progress }) {
    const query = new URLSearchParams(conditionsOf(options));
    const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) =>
      app.ask<CauseCount[]>(`/admin/dead-letters/causes?${query}`, { signal }),
    );
    const causes = found.flatMap(({ app, answer }) => answer.map((cause) => ({ app, ...cause })));
    const rows = causes.map(({ app, handler, letters, keys, since, cause }) => [
      app,
      handler,
      letters,
      keys,
      when(since),
      cause,
    ]);
    return {
      json: causes,
      text: table(['APP', 'HANDLER', 'LETTERS', 'KEYS', 'SINCE', 'CAUSE'], rows, 'Nothing is parked.'),
      failed,
    };
  },
});
