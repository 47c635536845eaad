import { defineCommand } from '../../command.js';
import type { Call } from '../../command.js';
import { positive } from '../../number.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { appOf } from './generations.js';

const options = { ...ofApps, ...signing };
type Ending = Call<'projection' | 'generation', typeof options>;

export const projectionsCancel = defineCommand({
  name: 'projections cancel',
  summary: 'stops building a generation and drops it; the live tables stay as they are (operator)',
  args: ['projection', 'generation'],
  options,
  run: (call) => end(call, 'POST', '/cancel', 'cancelled'),
});

export const projectionsDrop = defineCommand({
  name: 'projections drop',
  summary: 'drops the tables that were live before (admin)',
  args: ['projection', 'generation'],
  options,
  run: (call) => end(call, 'DELETE', '', 'dropped'),
});

async function end({ args, options: given, env, signal }: Ending, method: 'POST' | 'DELETE', path: string, state: string) {
  const id = positive('generation', args.generation, { whole: true })!;
  const app = appOf(args.projection, given.app, env);
  const body = signed(given, env);
  await app.ask(`/admin/projections/generations/${id}${path}`, { method, role: method === 'DELETE' ? 'admin' : 'operator', body, signal, patienceMs: 600_000 });
  return { json: { id, state }, text: `${args.projection}: generation ${id} is ${state}` };
}
