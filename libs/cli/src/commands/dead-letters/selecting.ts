import type { Options } from '../../command.js';
import { Fault } from '../../fault.js';
import type { App } from '../../shop/app.js';
import { findApps, ofApps } from '../../shop/shop.js';
import { conditions, conditionsOf, findLetter } from './letters.js';

/** Which letters: some by name, or all that the conditions find. */
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

/** One per letter or per app. Nothing given is no way of saying everything. */
export function targetsOf(letters: readonly string[], options: Selecting, env: NodeJS.ProcessEnv): Target[] {
  const given = conditionsOf(options);
  const ways = [letters.length > 0, options.all, Object.keys(given).length > 0].filter(Boolean).length;
  if (ways !== 1) throw new Fault('Say which: one or more <app>/<id>, or conditions such as --handler, or --all', 2);
  if (letters.length > 0) {
    return letters.map((letter) => {
      const { app, id } = findLetter(letter, env, options.app);
      return { app, selection: { id } };
    });
  }
  return findApps(options.app, env).map((app) => ({ app, selection: options.all ? { all: true } : given }));
}
