import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { fields, table } from '../../table.js';
import { findStory, moment } from './story.js';
import type { Story } from './story.js';

export const sagasShow = defineCommand({
  name: 'sagas show',
  summary: 'one saga: what it was told, what it did, and what it waits for',
  args: ['id'],
  options: ofApps,
  async run(call) {
    const { app, story } = await findStory(call.args.id, call);
    return { json: { app: app.name, ...story }, text: [about(story), historyOf(story), waitsOf(story)].join('\n\n') };
  },
});

function about({ saga, id, status, note, startedAt, endedAt }: Story): string {
  return fields({ saga, id, status, why: note, 'started at': moment(startedAt), 'ended at': endedAt && moment(endedAt) });
}

function historyOf({ history }: Story): string {
  const rows = history.map(({ at, cause, answer, status, commands, note }) => [
    moment(at),
    cause,
    answer,
    status,
    commands.join(', '),
    note,
  ]);
  return table(['AT', 'TOLD', 'ANSWER', 'STATUS', 'COMMANDS', 'WHY'], rows, 'It has been told nothing.');
}

function waitsOf({ timeouts }: Story): string {
  const rows = timeouts.map(({ name, dueAt }) => [name, moment(dueAt)]);
  return table(['WAITS FOR', 'UNTIL'], rows, 'It waits for nothing.');
}
