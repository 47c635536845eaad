import { AllowedTo } from '@nestbox/access';
import type { Caller, Role } from '@nestbox/access';
import type { Authorship } from '@nestbox/consumer';

/** Every right under /admin, and the lowest role that has it. */
export const RIGHTS = {
  'dead-letters.read': 'viewer',
  // The full record, with personal data.
  'dead-letters.read-content': 'operator',
  'dead-letters.redrive': 'operator',
  'dead-letters.discard': 'operator',
  // Changes what an event says.
  'dead-letters.edit': 'admin',
  'outbox.read': 'viewer',
  'outbox.pause': 'operator',
  'consumers.read': 'viewer',
  'consumers.pause': 'operator',
  'sagas.read': 'viewer',
  'sagas.retry': 'operator',
  'sagas.cancel': 'operator',
  'projections.read': 'viewer',
  'projections.rebuild': 'operator',
  'projections.replay': 'operator',
  // Irrevocable.
  'projections.drop': 'admin',
  // Irrevocable.
  'subjects.forget': 'admin',
  'story.read': 'viewer',
  'audit.read': 'viewer',
} as const satisfies Record<string, Role>;
export type Right = keyof typeof RIGHTS;

/** The right that a method of an AdminController requires. A method without this mark is closed. */
export const Needs = (right: Right) => AllowedTo(RIGHTS[right]);

/** Puts the name that the token proves before the one that the caller claims. The audit keeps both. */
export function signed({ actor, reason }: Authorship, caller: Caller): Authorship {
  const proven = caller.kind === 'operator' ? `${caller.name} (${caller.role})` : caller.kind;
  const claimed = caller.kind === 'operator' && caller.name === actor ? '' : ` for ${actor}`;
  return { actor: proven + claimed, reason };
}
