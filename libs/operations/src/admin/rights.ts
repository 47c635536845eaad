import type { Authorship } from '@nestbox/consumer';
import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';

/** The role of a token. Each role includes the rights of the roles before it. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

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

export function includes(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

export const RIGHT = Symbol('nestbox.admin.right');

/** The right that a method of an AdminController requires. A method without this mark is closed. */
export const Needs = (right: Right) => SetMetadata(RIGHT, right);

const callers = new WeakMap<object, Role>();

export function rememberCaller(request: object, role: Role): void {
  callers.set(request, role);
}

/** Parameter decorator: the role of the caller's token. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callers.get(context.switchToHttp().getRequest<object>()),
);

/** Adds the role, which the token proves, to the name, which the caller only claims. The audit keeps both. */
export function signed({ actor, reason }: Authorship, role: Role): Authorship {
  return { actor: `${actor} (${role})`, reason };
}
