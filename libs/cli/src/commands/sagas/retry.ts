import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { findSaga } from './saga.js';

export const sagasRetry = defineCommand({
  name: 'sagas retry',
  summary: 'sends the command again whose answer a saga waits for (operator)',
  args: ['id'],
  options: { ...ofApps, ...signing },
  async run(call) {
    const { options, env, signal } = call;
    const { app, saga } = await findSaga(call.args.id, call);
    const path = `/admin/sagas/${saga.saga}/${encodeURIComponent(saga.id)}/retry`;
    const answer = await app.ask<object>(path, { method: 'POST', body: signed(options, env), signal });
    return { json: { app: app.name, ...answer }, text: `${saga.saga} ${saga.id}: asked for once more` };
  },
});
