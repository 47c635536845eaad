import { defineCommand } from '../command.js';
import type { App } from '../shop/app.js';
import { findApps, ofApps } from '../shop/shop.js';
import { signed, signing } from '../signing.js';
import { table } from '../table.js';

interface Forgotten {
  readonly keyDestroyed: boolean;
  readonly erasers: number;
}

export const forget = defineCommand({
  name: 'forget',
  summary: 'makes everything that is known of a person unreadable, in every app, for good (admin)',
  args: ['subject'],
  options: { ...ofApps, ...signing },
  more: `
The subject is the person's id as the contracts name it. Do not repeat it in the reason: the audit keeps that. Every app has to
answer; if one does not, say the same again when it does. Twice does no harm.`,
  async run({ args, options, env, progress, signal }) {
    const forget = async (app: App) => {
      const body = { ...signed(options, env), subject: args.subject };
      return { app: app.name, ...(await app.ask<Forgotten>('/admin/subjects/forget', { method: 'POST', role: 'admin', body, signal })) };
    };
    const [first, ...others] = findApps(options.app, env);
    // The first app destroys the key before the others erase: after that no app can decrypt and store new data.
    progress.say(`${first!.name} forgets`);
    const forgotten = [await forget(first!)];
    progress.say('The others forget');
    for (const end of await Promise.allSettled(others.map(forget))) {
      if (end.status === 'rejected') throw end.reason;
      forgotten.push(end.value);
    }
    const rows = forgotten.map(({ app, keyDestroyed, erasers }) => [app, keyDestroyed ? 'destroyed' : '-', String(erasers)]);
    return { json: forgotten, text: table(['APP', 'KEY', 'TABLES GONE THROUGH'], rows, '') };
  },
});
