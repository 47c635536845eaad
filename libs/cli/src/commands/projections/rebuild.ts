import { defineCommand } from '../../command.js';
import { positive } from '../../number.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { appOf, ended, follow } from './generations.js';
import type { Generation } from './generations.js';

export const rebuild = defineCommand({
  name: 'rebuild',
  summary: "builds a projection's tables anew beside the live ones and swaps them (operator)",
  args: ['projection'],
  options: {
    ...ofApps,
    ...signing,
    share: { type: 'string', value: '<0..1>', about: 'share of the time to use while live events arrive. Default: 0.5' },
    'accept-parked': { type: 'boolean', about: 'go live although some events could not be applied; they stay parked' },
    'no-wait': { type: 'boolean', about: 'do not follow it' },
  },
  more: `
It runs in the app: Ctrl-C only stops following, and "projections list" says how far it is. It survives the app's death.`,
  async run({ args, options, env, progress, signal }) {
    const app = appOf(args.projection, options.app, env);
    const share = positive('share', options.share);
    const body = { ...signed(options, env), acceptParked: options['accept-parked'], ...(share && { share }) };
    const path = `/admin/projections/${encodeURIComponent(args.projection)}/rebuild`;
    const begun = await app.ask<Generation>(path, { method: 'POST', body, signal });
    if (options['no-wait']) return { json: begun, text: `${begun.projection}: generation ${begun.id} is being built` };
    const state = await follow(app, begun.id, progress, signal);
    return { json: state, text: ended(state), failed: state.status !== 'live' };
  },
});
