import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { findStory } from './story.js';

export const sagasRetry = defineCommand({
  name: 'sagas retry',
  summary: 'asks once more for what a saga waits for (operator)',
  args: ['id'],
  options: { ...ofApps, ...signing },
  async run(call) {
    const { options, env, signal } = call;
    const { app, story } = await findStory(call.args.id, call);
    const path = `/admin/sagas/${story.saga}/${encodeURIComponent(story.id)}/retry`;
    const answer = await app.ask<object>(path, { method: 'POST', body: signed(options, env), signal });
    return { json: { app: app.name, ...answer }, text: `${story.saga} ${story.id}: asked for once more` };
  },
});
