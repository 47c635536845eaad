import type { Authorship } from '@nestbox/consumer';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { Role } from './rights.js';

const callers = new WeakMap<object, Role>();

export function rememberCaller(request: object, role: Role): void {
  callers.set(request, role);
}

/** The role of whoever asks. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callers.get(context.switchToHttp().getRequest<object>()),
);

/** A name is what its bearer says; the role is what the token has shown. The audit keeps both. */
export function signed({ actor, reason }: Authorship, role: Role): Authorship {
  return { actor: `${actor} (${role})`, reason };
}
