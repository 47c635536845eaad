import { defineCommand } from '../command.js';
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
    const forgotten: (Forgotten & { app: string })[] = [];
    // One after the other: the first one destroys the key, so none after it can read anything any more.
    for (const app of findApps(options.app, env)) {
      progress.say(`${app.name} forgets`);
      const body = { ...signed(options, env), subject: args.subject };
      forgotten.push({ app: app.name, ...(await app.ask<Forgotten>('/admin/subjects/forget', { method: 'POST', body, signal })) });
    }
    const rows = forgotten.map(({ app, keyDestroyed, erasers }) => [app, keyDestroyed ? 'destroyed' : '-', String(erasers)]);
    return { json: forgotten, text: table(['APP', 'KEY', 'TABLES GONE THROUGH'], rows, '') };
  },
});
