import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { findStory } from './story.js';

export const sagasCancel = defineCommand({
  name: 'sagas cancel',
  summary: 'takes a saga back, as long as there is a way back (operator)',
  args: ['id'],
  options: { ...ofApps, ...signing },
  async run(call) {
    const { options, env, signal } = call;
    const { app, story } = await findStory(call.args.id, call);
    const path = `/admin/sagas/${story.saga}/${encodeURIComponent(story.id)}/cancel`;
    const answer = await app.ask<object>(path, { method: 'POST', body: signed(options, env), signal });
    return { json: { app: app.name, ...answer }, text: `${story.saga} ${story.id}: being taken back` };
  },
});
