/** Who somebody is by their token; each role may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What can be done at the doors under /admin, and the role that it takes. The one place where this is said. */
export const RIGHTS = {
  'dead-letters.read': 'viewer',
  // A record as it was sent: customers' addresses and all.
  'dead-letters.read-content': 'operator',
  'dead-letters.redrive': 'operator',
  'dead-letters.discard': 'operator',
  // Puts other words into the mouth of whoever raised the event.
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
  // There is no way back from it.
  'projections.drop': 'admin',
  // Nor from that.
  'subjects.forget': 'admin',
  'story.read': 'viewer',
  'audit.read': 'viewer',
} as const satisfies Record<string, Role>;
export type Right = keyof typeof RIGHTS;

export function includes(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
