import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { findDeadLetter } from './dead-letter.js';

export const deadLettersUndo = defineCommand({
  name: 'dead-letters undo',
  summary: 'parks a discarded event again, in its old place',
  args: ['letter'],
  options: {
    ...ofApps,
    ...signing,
    'out-of-order': { type: 'boolean', about: 'even if later events of its key have been handled since' },
  },
  async run({ args, options, env, signal }) {
    const { app, id } = findDeadLetter(args.letter, env, options.app);
    const body = { ...signed(options, env), outOfOrder: options['out-of-order'] };
    await app.ask(`/admin/dead-letters/${id}/undo-discard`, { method: 'POST', body, signal });
    return { json: { app: app.name, id, status: 'parked' }, text: `${args.letter} is parked again` };
  },
});
