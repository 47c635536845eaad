import { adminToken } from '../../support/tokens.js';
import type { AppProcess } from '../../support/app-process.js';
import { eventually } from '@nestbox/eventing/testing';
import { contexts, hold, publishers } from './fault.js';
import type { Fault } from './fault.js';

const by = { actor: 'torture', reason: 'to see whether anybody minds' };

const act = <Answer>(app: AppProcess, path: string, body: object = {}) =>
  app.send<Answer>('POST', `/admin${path}`, { ...by, ...body }, { authorization: `Bearer ${adminToken}` });

function pauseFault({ kind, about, targets }: Pick<Fault, 'kind' | 'about' | 'targets'>, door: string, bodyOf: (target: string) => object): Fault {
  return {
    kind, about, targets,
    holds: [1, 3],
    often: 3,
    async inject(stage, step) {
      const app = stage.shop.app(step.target);
      const paused = await act<{ changed: boolean }>(app, `${door}/pause`, bodyOf(step.target));
      await hold(stage, step);
      const resumed = await act<{ changed: boolean }>(app, `${door}/resume`, bodyOf(step.target));
      return { fired: paused.body.changed && resumed.body.changed, seen: `pause answered ${paused.status}, resume ${resumed.status}` };
    },
  };
}

const consumersPaused = pauseFault(
  { kind: 'consumers-paused', about: 'an operator pauses what an app consumes, and resumes it', targets: contexts },
  '/consumers',
  (group) => ({ group }),
);

const outboxPaused = pauseFault(
  { kind: 'outbox-paused', about: 'an operator stops an app from publishing, and lets it go on', targets: publishers },
  '/outbox',
  () => ({}),
);

const rebuilt: Fault = {
  kind: 'projection-rebuilt',
  about: 'a read model is rebuilt from the start of its topics while orders come in',
  targets: ['analytics analytics.count-revenue', 'analytics analytics.count-funnel', 'search search.index-orders'],
  holds: [1, 2],
  async inject(stage, step) {
    const [context, view] = step.target.split(' ') as [string, string];
    const { status, body } = await act<{ id: number }>(stage.shop.app(context), `/projections/${view}/rebuild`);
    await hold(stage, step);
    const live = async () => {
      const [row] = await stage.shop.query<{ status: string }>(context, 'SELECT status FROM nestbox.generations WHERE id = $1', [body.id]);
      if (row?.status !== 'live') throw new Error(`it is ${row?.status ?? 'not there'}`);
    };
    const end = status === 202 ? await eventually(live, { timeoutMs: 60_000 }).then(() => 'live', (error: Error) => error.message) : JSON.stringify(body);
    return { fired: end === 'live', seen: `rebuild answered ${status}: ${end}` };
  },
};

const looked: Fault = {
  kind: 'operators-look',
  about: 'operators ask every door that answers questions, all at once and again and again',
  targets: ['everybody'],
  holds: [2, 3],
  often: 2,
  touches: () => [],
  async inject({ shop, signal }, { holdSeconds }) {
    const doors = ['/admin/consumers', '/admin/outbox', '/admin/dead-letters', '/admin/audit', '/metrics'];
    const until = Date.now() + holdSeconds * 1_000;
    let answers = 0;
    while (Date.now() < until && !signal.aborted) {
      const asked = contexts.flatMap((name) => doors.map((door) => fetch(shop.app(name).url + door, { headers: { authorization: `Bearer ${adminToken}` } })));
      for (const answer of await Promise.allSettled(asked)) if (answer.status === 'fulfilled' && answer.value.ok) answers += 1;
    }
    return { fired: answers > 0, seen: `${answers} answers` };
  },
};

export const operatorFaults: readonly Fault[] = [consumersPaused, outboxPaused, rebuilt, looked];
