import type { HttpException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import type { AccessOptions } from './access.options.js';
import { AllowedTo } from './audience.js';
import type { Audience } from './audience.js';
import { callerOf } from './caller.js';
import { digestOf } from './operator-tokens.js';

const tokens = { service: 'a-token-of-an-app', viewer: 'a-token-of-vera', operator: 'a-token-of-olga', admin: 'a-token-of-ada' };
const operators = Object.entries(tokens).map(([role, token]) => ({ name: role, role: role as 'viewer', digest: digestOf(token) }));

interface Visit {
  readonly token?: string;
  readonly scheme?: string;
  readonly remoteAddress?: string;
  readonly host?: string;
}

function door(options: AccessOptions, ...audiences: Audience[]) {
  class Route {
    enter(): void {}
  }
  const [first, ...others] = audiences;
  if (first) AllowedTo(first, ...others)(Route);
  const headersSet: Record<string, string> = {};
  const adapter = { setHeader: (_: unknown, name: string, value: string) => void (headersSet[name] = value) };
  const guard = new AccessGuard(options, new Reflector(), { httpAdapter: adapter } as never);
  const knock = async ({ token, scheme = 'Bearer', remoteAddress = '10.0.0.7', host = 'shop.example' }: Visit = {}) => {
    const credentials = scheme === 'Basic' ? Buffer.from(`shop:${token}`).toString('base64') : token;
    const request = { headers: { host, ...(token ? { authorization: `${scheme} ${credentials}` } : {}) }, socket: { remoteAddress } };
    const context = {
      getType: () => 'http',
      getHandler: () => Route.prototype.enter,
      getClass: () => Route,
      switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({}) }),
    };
    try {
      await guard.canActivate(context as never);
      return callerOf(request);
    } catch (error) {
      return ((error as HttpException).getResponse() as { code: string }).code;
    }
  };
  return { knock, headersSet, guard };
}

describe('AccessGuard', () => {
  it('lets nobody in where no audience is declared, whatever the token', async () => {
    const { knock } = door({ operators });
    expect([await knock(), await knock({ token: tokens.admin })]).toEqual(['AUDIENCE_UNDECLARED', 'AUDIENCE_UNDECLARED']);
  });

  it.each([
    ['public', ['none', 'service', 'viewer', 'operator', 'admin']],
    ['internal', ['service', 'viewer', 'operator', 'admin']],
    ['service', ['service']],
    ['viewer', ['viewer', 'operator', 'admin']],
    ['operator', ['operator', 'admin']],
    ['admin', ['admin']],
  ] as [Audience, string[]][])('opens %s to exactly %j', async (audience, expected) => {
    const { knock } = door({ operators }, audience);
    const visitors: Record<string, string | undefined> = { none: undefined, ...tokens };
    const entered = [];
    for (const [name, token] of Object.entries(visitors)) if (typeof (await knock({ token })) === 'object') entered.push(name);
    expect(entered).toEqual(expected);
  });

  it('says who is missing which role, and that a token is needed at all', async () => {
    const { knock, headersSet } = door({ operators }, 'operator');
    expect([await knock(), await knock({ token: tokens.viewer })]).toEqual(['TOKEN_MISSING', 'ROLE_MISSING']);
    expect(headersSet).toEqual({ 'WWW-Authenticate': 'Bearer' });
  });

  it('knows a token also as the password of basic authentication', async () => {
    const { knock } = door({ operators }, 'operator');
    expect(await knock({ token: tokens.operator, scheme: 'Basic' })).toEqual({ kind: 'operator', name: 'operator', role: 'operator' });
  });

  it('refuses a wrong token on a public route, and after too many of them looks at none from there', async () => {
    const { knock, headersSet } = door({ operators, mostFailures: 3 }, 'public');
    const wrong = [];
    for (let n = 0; n < 4; n += 1) wrong.push(await knock({ token: 'guessed' }));
    expect(wrong).toEqual(['TOKEN_UNKNOWN', 'TOKEN_UNKNOWN', 'TOKEN_UNKNOWN', 'TOO_MANY_FAILURES']);
    expect(await knock({ token: tokens.admin })).toBe('TOO_MANY_FAILURES');
    expect(Number(headersSet['Retry-After'])).toBeGreaterThan(0);
    expect(await knock({ token: tokens.admin, remoteAddress: '10.0.0.8' })).toMatchObject({ role: 'admin' });
    expect(await knock()).toEqual({ kind: 'anonymous' });
  });

  it('counts no signed token as guessed: those of many customers may have expired', async () => {
    const { knock } = door({ operators, mostFailures: 2 }, 'public');
    for (let n = 0; n < 5; n += 1) expect(await knock({ token: 'an.expired.one' })).toBe('TOKEN_UNKNOWN');
    expect(await knock({ token: tokens.admin })).toMatchObject({ role: 'admin' });
  });

  it('is closed to roles without tokens, and says what opens it', async () => {
    expect(await door({}, 'viewer').knock({ token: tokens.admin })).toBe('ACCESS_CLOSED');
  });

  it('opens what is internal to this machine in development only, and only by a name of this machine', async () => {
    const here = { remoteAddress: '::ffff:127.0.0.1', host: 'localhost:3007' };
    expect(await door({ operators, development: true }, 'internal').knock(here)).toEqual({ kind: 'anonymous' });
    expect(await door({ operators, development: true }, 'internal').knock({ ...here, host: 'evil.example' })).toBe('TOKEN_MISSING');
    expect(await door({ operators, development: true }, 'internal').knock({ host: 'localhost' })).toBe('TOKEN_MISSING');
    expect(await door({ operators, development: true }, 'viewer').knock(here)).toBe('TOKEN_MISSING');
    expect(await door({ operators }, 'internal').knock(here)).toBe('TOKEN_MISSING');
  });

  it('leaves consumers alone', async () => {
    const { guard } = door({ operators });
    expect(await guard.canActivate({ getType: () => 'rpc' } as never)).toBe(true);
  });
});
