import { defineCommand } from '../../command.js';
import { Fault } from '../../fault.js';
import { findApps, ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';

const more = `
A handler is <app>.<verb-thing>, such as email.confirm-order. It shares the offsets of its group: from its first event on,
the partitions of its group wait with it. Other groups, and all other apps, go on.`;

export const consumersPause = switching('pause', {
  summary: 'stops a group or a handler, in every process and through restarts; its events wait on the broker',
  changed: 'paused',
  same: 'was paused already',
});

export const consumersResume = switching('resume', {
  summary: 'lets a paused group or handler go on where it stopped',
  changed: 'runs again',
  same: 'was not paused',
});

function switching(action: 'pause' | 'resume', words: { summary: string; changed: string; same: string }) {
  return defineCommand({
    name: `consumers ${action}`,
    summary: words.summary,
    more,
    options: {
      ...ofApps,
      group: {
        type: 'string',
        value: '<group>',
        about: 'this group: all of an app, unless its handlers say otherwise',
      },
      handler: { type: 'string', value: '<id>', about: 'this handler' },
      ...signing,
    },
    async run({ options: { app: chosen, group, handler, ...rest }, env, signal }) {
      if ((group === undefined) === (handler === undefined))
        throw new Fault('Say which: --group <group> or --handler <id>', 2);
      const name = group ?? handler!;
      // Groups and handlers start with their app's name.
      const [app] = findApps(chosen.length > 0 ? chosen : [name.split('.')[0]!], env);
      const body = { ...signed(rest, env), ...(group === undefined ? { handler } : { group }) };
      const { changed } = await app!.ask<{ changed: boolean }>(`/admin/consumers/${action}`, {
        method: 'POST',
        body,
        signal,
      });
      return { json: { app: app!.name, name, changed }, text: `${name}: ${changed ? words.changed : words.same}` };
    },
  });
}
