import type { SagaPart } from '@nestbox/telemetry';
import { Fault } from '../../fault.js';
import type { App } from '../../shop/app.js';
import { acrossApps } from '../../shop/across-apps.js';
import type { Asking } from '../../shop/across-apps.js';
import { findApps } from '../../shop/shop.js';

/** A saga as `GET /admin/sagas` tells of it. */
export type Saga = Omit<SagaPart, 'waitsFor'>;

export interface Story extends Saga {
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

/** The one saga of this id, wherever it is. */
export async function findStory(id: string, asking: Asking): Promise<{ app: App; story: Story }> {
  const { found } = await acrossApps(asking, (app) =>
    app.ask<Story[]>(`/admin/sagas/${encodeURIComponent(id)}`, { signal: asking.signal }),
  );
  const stories = found.flatMap(({ app, answer }) => answer.map((story) => ({ app, story })));
  if (stories.length > 1) throw new Fault(`${stories.length} apps have a saga ${id}: say which with --app`, 2);
  if (!stories[0]) throw new Fault(`There is no saga ${id}: "nestbox sagas list" shows those that there are`);
  const { app, story } = stories[0];
  return { app: findApps(asking.options.app, asking.env).find(({ name }) => name === app)!, story };
}

/** To the millisecond, UTC. */
export const moment = (iso: string): string => iso.replace('T', ' ');
