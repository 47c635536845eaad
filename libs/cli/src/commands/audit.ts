import { defineCommand } from '../command.js';
import { positive } from '../number.js';
import { acrossApps } from '../shop/across-apps.js';
import { ofApps } from '../shop/shop.js';
import { table } from '../table.js';
import { when } from '../when.js';

interface AuditRow {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly reason: string;
  readonly letters: readonly string[];
  readonly detail: object;
}

export const audit = defineCommand({
  name: 'audit',
  summary: 'who has done what to dead letters, outboxes and consumers, and why, newest first',
  options: {
    ...ofApps,
    limit: { type: 'string', value: '<n>', about: 'at most so many of each app, up to 500. Default: 20' },
  },
  async run({ options, env, signal, progress }) {
    const limit = positive('limit', options.limit, { whole: true }) ?? 20;
    const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) =>
      app.ask<AuditRow[]>(`/admin/audit?limit=${limit}`, { signal }),
    );
    const acts = found.flatMap(({ app, answer }) => answer.map((row) => ({ app, ...row })));
    acts.sort((a, b) => b.at.localeCompare(a.at));
    const rows = acts.map(({ app, at, actor, action, reason, detail }) => [
      when(at),
      app,
      actor,
      action,
      reason,
      JSON.stringify(detail),
    ]);
    return {
      json: acts,
      text: table(['AT', 'APP', 'WHO', 'WHAT', 'WHY', 'DETAIL'], rows, 'Nothing has been done.'),
      failed,
    };
  },
});
