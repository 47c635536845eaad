import { defineCommand } from '../../command.js';
import { Fault } from '../../fault.js';
import { ofApps } from '../../shop/shop.js';

export const story = defineCommand({
  name: 'story',
  summary: 'the story of an order: every message, who handled it, how long it waited, and where it stands now',
  args: ['id'],
  options: {
    ...ofApps,
    since: {
      type: 'string',
      value: '<when>',
      about: 'look from then on, ISO 8601. Default: when the id was made if it tells that, else 24 hours ago',
    },
    mermaid: { type: 'boolean', about: 'print a sequence diagram for Mermaid' },
  },
  more: 'The id is that of an order (or any other key), of a message, or a correlation id. Asks all apps; changes nothing.',
  async run({ args, options, env, progress, signal }) {
    const { askForStory, sinceOf } = await import('./ask.js');
    const since = sinceOf(args.id, options.since);
    if (Number.isNaN(since.getTime())) throw new Fault(`--since is a moment such as 2026-11-23T12:00:00Z, not "${options.since}"`, 2);
    const { story: found, silent } = await askForStory(args.id, since, { options, env, progress, signal });
    if (!found) {
      const who = silent.length > 0 ? `No app that answers (${silent.join(', ')} did not)` : 'No app';
      throw new Fault(`${who} knows of ${args.id} since ${since.toISOString()}: look further back with --since, or check the id`);
    }
    const failed = found.silent.length > 0;
    if (options.mermaid) return { json: found, text: (await import('./mermaid.js')).mermaidOf(found), failed };
    return { json: found, text: (await import('./text.js')).textOf(found), failed };
  },
});
