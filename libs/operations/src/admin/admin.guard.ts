import { createHash, timingSafeEqual } from 'node:crypto';
import { EVENTING_OPTIONS } from '@nestbox/messaging';
import { ForbiddenException, Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { OperationsModuleOptions } from '../operations.options.js';
import { includes, rememberCaller, RIGHT, RIGHTS, ROLES } from './rights.js';
import type { Right, Role } from './rights.js';

interface AdminRequest {
  readonly headers: { readonly authorization?: string };
}

/** Checks that the bearer token's role has the right that the method needs. Without configured tokens, nobody gets in. */
@Injectable()
export class AdminGuard implements CanActivate {
  private readonly digests: readonly { readonly role: Role; readonly digest: Buffer }[];

  constructor(
    @Inject(EVENTING_OPTIONS) { adminTokens = {} }: OperationsModuleOptions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {
    this.digests = ROLES.flatMap((role) => {
      const token = adminTokens[role];
      return token ? [{ role, digest: digest(token) }] : [];
    });
  }

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<AdminRequest>();
    if (this.digests.length === 0) {
      throw new ForbiddenException({
        code: 'ADMIN_CLOSED',
        message:
          'Access is closed: set NESTBOX_ADMIN_TOKEN, NESTBOX_OPERATOR_TOKEN or NESTBOX_VIEWER_TOKEN and start the app again.',
      });
    }
    const role = this.roleOf(request.headers.authorization);
    const right = this.reflector.get<Right | undefined>(RIGHT, context.getHandler());
    const needed = right && RIGHTS[right];
    if (!needed || !includes(role, needed)) {
      throw new ForbiddenException({
        code: 'ADMIN_RIGHT_MISSING',
        message: `This takes the role ${needed ?? 'of nobody'}, and the token is of a ${role}: send a token of that role.`,
      });
    }
    rememberCaller(request, role);
    return true;
  }

  /** Compares with every token, also after a match, so that the duration reveals nothing. */
  private roleOf(authorization = ''): Role {
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const given = digest(token);
    let found: Role | undefined;
    for (const { role, digest: known } of this.digests) if (timingSafeEqual(given, known)) found = role;
    if (found) return found;
    throw new UnauthorizedException({
      code: 'ADMIN_TOKEN_UNKNOWN',
      message: 'Send "Authorization: Bearer <token>" with the token of a role that this app knows.',
    });
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
