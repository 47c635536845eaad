import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { fields, table } from '../../table.js';
import { findSaga, moment } from './saga.js';
import type { SagaDetail } from './saga.js';

export const sagasShow = defineCommand({
  name: 'sagas show',
  summary: 'one saga: its history, and what it waits for',
  args: ['id'],
  options: ofApps,
  async run(call) {
    const { app, saga } = await findSaga(call.args.id, call);
    return { json: { app: app.name, ...saga }, text: [about(saga), historyOf(saga), waitsOf(saga)].join('\n\n') };
  },
});

function about({ saga, id, status, note, startedAt, endedAt }: SagaDetail): string {
  return fields({ saga, id, status, why: note, 'started at': moment(startedAt), 'ended at': endedAt && moment(endedAt) });
}

function historyOf({ history }: SagaDetail): string {
  const rows = history.map(({ at, cause, answer, status, commands, note }) => [
    moment(at),
    cause,
    answer,
    status,
    commands.join(', '),
    note,
  ]);
  return table(['AT', 'MESSAGE', 'ANSWER', 'STATUS', 'COMMANDS', 'WHY'], rows, 'It has no history.');
}

function waitsOf({ timeouts }: SagaDetail): string {
  const rows = timeouts.map(({ name, dueAt }) => [name, moment(dueAt)]);
  return table(['WAITS FOR', 'UNTIL'], rows, 'It waits for nothing.');
}
