import { defineCommand } from '../../command.js';
import { acrossApps } from '../../shop/across-apps.js';
import { ofApps } from '../../shop/shop.js';
import { table } from '../../table.js';
import { age, when } from '../../when.js';

interface Pause {
  readonly since: string;
  readonly actor: string;
  readonly reason: string;
}

interface OutboxStatus {
  readonly events: { readonly waiting: number; readonly oldestSeconds: number; readonly refused: number };
  readonly leases: readonly { readonly slice: number; readonly holder: string | null; readonly alive: boolean }[];
  readonly paused: Pause | null;
}

export const outboxStatus = defineCommand({
  name: 'outbox status',
  summary: 'what waits to be published, who publishes it, and whether that is paused',
  options: ofApps,
  async run({ options, env, signal, progress }) {
    const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) =>
      app.ask<OutboxStatus>('/admin/outbox', { signal }),
    );
    const rows = found.map(({ app, answer: { events, leases, paused } }) => [
      app,
      events.waiting,
      events.waiting > 0 ? age(events.oldestSeconds) : '',
      events.refused,
      leases.map(({ holder, alive }) => (alive ? holder : 'nobody')).join(', '),
      paused ? `paused by ${paused.actor} at ${when(paused.since)}: ${paused.reason}` : 'runs',
    ]);
    const headings = ['APP', 'WAITING', 'OLDEST', 'REFUSED', 'PUBLISHED BY', 'STATE'];
    return { json: found.map(({ app, answer }) => ({ app, ...answer })), text: table(headings, rows, ''), failed };
  },
});
