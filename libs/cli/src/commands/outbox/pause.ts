import { defineCommand } from '../../command.js';
import { acrossApps } from '../../shop/across-apps.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';

export const outboxPause = switching('pause', {
  summary: 'lets written events wait, in every process and through restarts, until they are resumed',
  changed: 'paused',
  same: 'was paused already',
});

export const outboxResume = switching('resume', {
  summary: 'publishes what waits, in its order, and goes on',
  changed: 'runs again',
  same: 'was not paused',
});

function switching(action: 'pause' | 'resume', words: { summary: string; changed: string; same: string }) {
  return defineCommand({
    name: `outbox ${action}`,
    summary: words.summary,
    options: { ...ofApps, ...signing },
    async run({ options, env, signal, progress }) {
      const body = signed(options, env);
      const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) =>
        app.ask<{ changed: boolean }>(`/admin/outbox/${action}`, { method: 'POST', body, signal }),
      );
      const text = found.map(({ app, answer }) => `${app}: ${answer.changed ? words.changed : words.same}`).join('\n');
      return { json: found.map(({ app, answer }) => ({ app, ...answer })), text, failed };
    },
  });
}
