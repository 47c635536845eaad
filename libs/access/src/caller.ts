import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { TokenRole } from './audience.js';

/** The holder of a token that the app knows. */
export interface Operator {
  readonly kind: 'operator';
  readonly name: string;
  readonly role: TokenRole;
}

/** Somebody who has signed in. */
export interface Customer {
  readonly kind: 'customer';
  /** The id of the account. */
  readonly subject: string;
}

export type Caller = Operator | Customer | { readonly kind: 'anonymous' };

const callers = new WeakMap<object, Caller>();

/** Also as the `user` that other guards, Passport's among them, leave on a request: interceptors look for it there. */
export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
  if (caller.kind === 'customer') Object.assign(request, { user: { sub: caller.subject } });
  if (caller.kind === 'operator') Object.assign(request, { user: { id: `${caller.role} ${caller.name}` } });
}

/** Undefined before `AccessGuard` has seen the request. */
export function callerOf(request: object): Caller | undefined {
  return callers.get(request);
}

/** Parameter decorator: who calls, as `AccessGuard` found out. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => callerOf(context.switchToHttp().getRequest<object>()) ?? { kind: 'anonymous' },
);
