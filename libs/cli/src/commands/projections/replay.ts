import { defineCommand } from '../../command.js';
import { positive } from '../../number.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { appOf, ended, follow } from './generations.js';
import type { Generation } from './generations.js';

export const replay = defineCommand({
  name: 'replay',
  summary: 'applies a part of history to the live tables of a projection again (operator)',
  args: ['projection'],
  options: {
    ...ofApps,
    ...signing,
    from: { type: 'string', value: '<time|offset>', about: 'first event. Default: the earliest' },
    to: { type: 'string', value: '<time|offset>', about: 'end, exclusive. Default: now' },
    share: { type: 'string', value: '<0..1>', about: 'share of the time to use while live events arrive. Default: 0.5' },
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
