import { SetMetadata } from '@nestjs/common';

/** The roles of people who operate. Each includes the rights of the roles before it. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** `service` is another app: it has no right of an operator. */
export const TOKEN_ROLES = ['service', ...ROLES] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

/**
 * Who may call a route.
 *
 * - `public`: everybody.
 * - `customer`: whoever has signed in. What belongs to somebody else is for the route to hide.
 * - `guest`: everybody who shows a secret; the route itself checks it.
 * - `internal`: every service and operator; in development, everybody on the same machine.
 * - `service`: other apps, with their tokens.
 * - `viewer`, `operator`, `admin`: an operator whose role includes it.
 */
export type Audience = 'public' | 'customer' | 'guest' | 'internal' | TokenRole;

export const AUDIENCE = Symbol('nestbox.audience');

/** Declares who may call a route, or every route of a controller. `AccessGuard` lets nobody in who is not named. */
export const AllowedTo = (...audiences: [Audience, ...Audience[]]) => SetMetadata(AUDIENCE, audiences);

export function includes(role: TokenRole, needed: Role): boolean {
  return role !== 'service' && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
