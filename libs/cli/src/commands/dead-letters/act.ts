import { userInfo } from 'node:os';
import type { Options } from '../../command.js';
import { Fault } from '../../fault.js';
import type { App } from '../../shop/app.js';
import { findApps, ofApps } from '../../shop/shop.js';
import { conditions, conditionsOf, findLetter } from './letters.js';

/** For every command that changes something: who and why, for the audit. */
export const signing = {
  reason: { type: 'string', value: '<text>', about: 'why; kept in the audit', required: true },
  by: { type: 'string', value: '<name>', about: 'who; kept in the audit. Default: NESTBOX_ACTOR, else the user of this shell' },
} as const satisfies Options;

export function signed({ reason, by }: { readonly reason: string; readonly by?: string }, env: NodeJS.ProcessEnv) {
  return { reason, actor: by ?? env.NESTBOX_ACTOR ?? userName() };
}

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

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new Fault('This user has no name: say who you are with --by or NESTBOX_ACTOR', 2);
  }
}
