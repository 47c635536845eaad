import { defineCommand } from '../../command.js';
import { positive } from '../../number.js';
import { acrossApps } from '../../shop/across-apps.js';
import { ofApps } from '../../shop/shop.js';
import { table } from '../../table.js';
import { moment } from './saga.js';
import type { Saga } from './saga.js';

export const sagasList = defineCommand({
  name: 'sagas list',
  summary: 'sagas, newest first',
  options: {
    ...ofApps,
    status: { type: 'string', value: '<status>', about: 'running, completed, compensating, compensated, stuck or cancelled' },
    limit: { type: 'string', value: '<n>', about: 'at most so many of each app. Default: 50' },
  },
  async run({ options, env, signal, progress }) {
    const limit = positive('limit', options.limit, { whole: true }) ?? 50;
    const query = new URLSearchParams({ limit: String(limit), ...(options.status && { status: options.status }) });
    const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) =>
      app.ask<Saga[]>(`/admin/sagas?${query}`, { signal }),
    );
    const sagas = found.flatMap(({ app, answer }) => answer.map((saga) => ({ app, ...saga })));
    const rows = sagas.map(({ saga, id, status, changedAt, note }) => [id, saga, status, moment(changedAt), note]);
    return { json: sagas, text: table(['ID', 'SAGA', 'STATUS', 'CHANGED AT', 'WHY'], rows, 'There is none.'), failed };
  },
});
