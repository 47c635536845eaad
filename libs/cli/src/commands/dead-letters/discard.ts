import { defineCommand } from '../../command.js';
import { signed, signing } from '../../signing.js';
import { selecting, targetsOf } from './selecting.js';

// Every dead letter gets its own audit row, so many of them take long.
const PATIENCE_MS = 600_000;

export const deadLettersDiscard = defineCommand({
  name: 'dead-letters discard',
  summary: 'gives parked events up; their keys go on without them. Can be undone for 24 hours',
  rest: 'letter',
  options: { ...selecting, ...signing },
  async run({ rest, options, env, signal }) {
    const act = { ...signed(options, env), dryRun: options['dry-run'] };
    const results: { app: string; discarded: number }[] = [];
    for (const { app, selection } of targetsOf(rest, options, env)) {
      const body = { selection, ...act };
      const ask = { method: 'POST', body, signal, patienceMs: PATIENCE_MS } as const;
      results.push({ app: app.name, ...(await app.ask<{ discarded: number }>('/admin/dead-letters/discard', ask)) });
    }
    const what = act.dryRun ? 'would be discarded' : 'discarded';
    return { json: results, text: results.map(({ app, discarded }) => `${app}: ${discarded} ${what}`).join('\n') };
  },
});
