import type { Options } from '../../command.js';
import { Fault } from '../../fault.js';
import type { App } from '../../shop/app.js';
import { findApps, ofApps } from '../../shop/shop.js';
import { conditions, conditionsOf, findDeadLetter } from './dead-letter.js';

/** Options that select dead letters: by name, by conditions, or all. */
export const selecting = {
  ...ofApps,
  ...conditions,
  all: { type: 'boolean', about: 'everything that is parked' },
  'dry-run': { type: 'boolean', about: 'only say what would be done' },
} as const satisfies Options;

export interface Target {
  readonly app: App;
  readonly selection: Readonly<Record<string, unknown>>;
}

type Selecting = Parameters<typeof conditionsOf>[0] & { readonly app: readonly string[]; readonly all: boolean };

/** One target per named dead letter, or one per app. An empty selection is refused: it must not mean all. */
export function targetsOf(references: readonly string[], options: Selecting, env: NodeJS.ProcessEnv): Target[] {
  const given = conditionsOf(options);
  const ways = [references.length > 0, options.all, Object.keys(given).length > 0].filter(Boolean).length;
  if (ways !== 1) throw new Fault('Say which: one or more <app>/<id>, or conditions such as --handler, or --all', 2);
  if (references.length > 0) {
    return references.map((reference) => {
      const { app, id } = findDeadLetter(reference, env, options.app);
      return { app, selection: { id } };
    });
  }
  return findApps(options.app, env).map((app) => ({ app, selection: options.all ? { all: true } : given }));
}
