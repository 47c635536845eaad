import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Config } from '@nestbox/platform';
import type { Request } from 'express';
import { RegistryError } from '../domain/registry.errors.js';

/**
 * Requires the operator's or the admin's token: as a bearer token, or as the password of basic authentication, which
 * Confluent's clients send. Without configured tokens, writing is closed.
 */
@Injectable()
export class WriteGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor({ adminTokens }: Config) {
    this.digests = [adminTokens?.operator, adminTokens?.admin].flatMap((token) => (token ? [digest(token)] : []));
  }

  canActivate(context: ExecutionContext): true {
    if (this.digests.length === 0) {
      throw new RegistryError(40301, 'The registry may only be read: set NESTBOX_OPERATOR_TOKEN or NESTBOX_ADMIN_TOKEN and start it again');
    }
    const given = digest(tokenOf(context.switchToHttp().getRequest<Request>().headers.authorization));
    // Compares with every token, also after a match, so that the duration reveals nothing.
    const fits = this.digests.map((known) => timingSafeEqual(known, given));
    if (!fits.includes(true)) throw new RegistryError(40101, 'Unauthorized: send the operator token as bearer, or as the password of basic authentication');
    return true;
  }
}

function tokenOf(header = ''): string {
  const [, scheme = '', credentials = ''] = /^(Basic|Bearer) +(\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return credentials;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
