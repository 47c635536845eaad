import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { OperationsModuleOptions } from '../operations.options.js';
import { AdminGuard } from './admin.guard.js';
import { Needs } from './rights.js';

class Doors {
  @Needs('outbox.read')
  look(): void {}

  @Needs('outbox.pause')
  pause(): void {}

  forgotten(): void {}
}

const tokens = { viewer: 'the-token-of-viewers', operator: 'the-token-of-operators' };
const at = (door: keyof Doors, authorization?: string) =>
  ({ switchToHttp: () => ({ getRequest: () => ({ headers: { authorization } }) }), getHandler: () => Doors.prototype[door] }) as unknown as ExecutionContext;
const asked = (door: keyof Doors, authorization?: string, adminTokens: OperationsModuleOptions['adminTokens'] = tokens) => {
  try {
    return new AdminGuard({ adminTokens } as OperationsModuleOptions, new Reflector()).canActivate(at(door, authorization));
  } catch (error) {
    return (error as { response: { code: string } }).response.code;
  }
};

describe('The guard of the doors for operators', () => {
  it('lets in who has the right, and nobody else', () => {
    expect(asked('look', `Bearer ${tokens.viewer}`)).toBe(true);
    expect(asked('pause', `Bearer ${tokens.viewer}`)).toBe('ADMIN_RIGHT_MISSING');
    expect(asked('pause', `Bearer ${tokens.operator}`)).toBe(true);
    expect(asked('look', 'Bearer a-guess')).toBe('ADMIN_TOKEN_UNKNOWN');
    expect(asked('look')).toBe('ADMIN_TOKEN_UNKNOWN');
  });

  it('keeps a door shut that does not say which right it needs', () => {
    expect(asked('forgotten', `Bearer ${tokens.operator}`)).toBe('ADMIN_RIGHT_MISSING');
  });

  it('keeps every door shut where there are no tokens', () => {
    expect(asked('look', `Bearer ${tokens.viewer}`, {})).toBe('ADMIN_CLOSED');
  });
});
