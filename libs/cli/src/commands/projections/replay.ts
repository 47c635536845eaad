import { defineCommand } from '../../command.js';
import { positive } from '../../number.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { appOf, ended, follow } from './generations.js';
import type { Generation } from './generations.js';

export const replay = defineCommand({
  name: 'replay',
  summary: 'applies a part of history once more to the live tables of a projection (operator)',
  args: ['projection'],
  options: {
    ...ofApps,
    ...signing,
    from: { type: 'string', value: '<time|offset>', about: 'where to begin. Default: the earliest that there is' },
    to: { type: 'string', value: '<time|offset>', about: 'where to end; left out itself. Default: now' },
    share: { type: 'string', value: '<0..1>', about: 'of the time, while live events come in. Default: 0.5' },
    'dry-run': { type: 'boolean', about: 'only say how many events it would read' },
  },
  more: `
Only projections whose decorator says that they are repeatable: others would count twice, and are rebuilt instead.`,
  async run({ args, options, env, progress, signal }) {
    const app = appOf(args.projection, options.app, env);
    const share = positive('share', options.share);
    const { from, to } = options;
    const body = { ...signed(options, env), dryRun: options['dry-run'], ...(from && { from }), ...(to && { to }), ...(share && { share }) };
    const path = `/admin/projections/${encodeURIComponent(args.projection)}/replay`;
    const begun = await app.ask<Generation | { records: number }>(path, { method: 'POST', body, signal });
    if ('records' in begun) return { json: begun, text: `${args.projection}: ${begun.records} events would be read` };
    const state = await follow(app, begun.id, progress, signal);
    return { json: state, text: ended(state), failed: state.status !== 'done' };
  },
});
