import type { SagaPart } from '@nestbox/telemetry';
import { Fault } from '../../fault.js';
import type { App } from '../../shop/app.js';
import { acrossApps } from '../../shop/across-apps.js';
import type { Asking } from '../../shop/across-apps.js';
import { findApps } from '../../shop/shop.js';

/** A saga in the answer of `GET /admin/sagas`. */
export type Saga = Omit<SagaPart, 'waitsFor'>;

export interface SagaDetail extends Saga {
  readonly history: readonly {
    readonly at: string;
    readonly cause: string;
    readonly answer: string;
    readonly status: string;
    readonly commands: readonly string[];
    readonly note: string | null;
  }[];
  readonly timeouts: readonly { readonly name: string; readonly dueAt: string }[];
}

/** Searches all apps. Throws a Fault unless exactly one saga has this id. */
export async function findSaga(id: string, asking: Asking): Promise<{ app: App; saga: SagaDetail }> {
  const { found } = await acrossApps(asking, (app) =>
    app.ask<SagaDetail[]>(`/admin/sagas/${encodeURIComponent(id)}`, { signal: asking.signal }),
  );
  const sagas = found.flatMap(({ app, answer }) => answer.map((saga) => ({ app, saga })));
  if (sagas.length > 1) throw new Fault(`${sagas.length} apps have a saga ${id}: say which with --app`, 2);
  if (!sagas[0]) throw new Fault(`There is no saga ${id}: "nestbox sagas list" shows those that there are`);
  const { app, saga } = sagas[0];
  return { app: findApps(asking.options.app, asking.env).find(({ name }) => name === app)!, saga };
}

/** To the millisecond, UTC. */
export const moment = (iso: string): string => iso.replace('T', ' ');
