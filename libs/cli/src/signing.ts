import { userInfo } from 'node:os';
import type { Options } from './command.js';
import { Fault } from './fault.js';

/** Options of every command that changes something: who and why, for the audit. */
export const signing = {
  reason: { type: 'string', value: '<text>', about: 'why; kept in the audit', required: true },
  by: {
    type: 'string',
    value: '<name>',
    about: 'who; kept in the audit. Default: NESTBOX_ACTOR, else the user of this shell',
  },
} as const satisfies Options;

export function signed({ reason, by }: { readonly reason: string; readonly by?: string }, env: NodeJS.ProcessEnv) {
  return { reason, actor: by ?? env.NESTBOX_ACTOR ?? userName() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new Fault('This user has no name: say who you are with --by or NESTBOX_ACTOR', 2);
  }
}
