import { ForbiddenException, HttpException, UnauthorizedException } from '@nestjs/common';
import type { Audience, TokenRole } from './audience.js';

export function undeclared(): HttpException {
  return new ForbiddenException({
    code: 'AUDIENCE_UNDECLARED',
    message: 'This route does not say who may call it, so nobody may: put @AllowedTo on it.',
  });
}

export function closed(): HttpException {
  return new ForbiddenException({
    code: 'ACCESS_CLOSED',
    message: 'Access is closed: no token is set for this app. Make one with "npx nestbox token", set NESTBOX_OPERATORS and start the app again.',
  });
}

export function tokenMissing(): HttpException {
  return new UnauthorizedException({ code: 'TOKEN_MISSING', message: 'Send "Authorization: Bearer <token>".' });
}

export function tokenUnknown(): HttpException {
  return new UnauthorizedException({
    code: 'TOKEN_UNKNOWN',
    message: 'This app does not know the token: send "Authorization: Bearer <token>" with one that it was started with.',
  });
}

export function roleMissing(needed: readonly Audience[], role: TokenRole | 'customer'): HttpException {
  return new ForbiddenException({
    code: 'ROLE_MISSING',
    message: `This takes the role ${needed.join(' or ')}, and the token is of the role ${role}: send a token of that role.`,
  });
}

export function tooManyFailures(seconds: number): HttpException {
  return new HttpException({ code: 'TOO_MANY_FAILURES', message: `Too many wrong tokens from this address: wait ${seconds} s.` }, 429);
}
