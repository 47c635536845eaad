import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { CustomerTokens } from './customer-tokens.js';

describe('access tokens of customers', () => {
  let server: Server;
  let url: string;
  let served = 0;
  let keys: object[] = [];
  let pair: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    pair = await generateKeyPair('ES256');
    keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'a', alg: 'ES256', use: 'sig' }];
    server = createServer((_, response) => {
      served += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const claims = { iss: '', sub: 'user-7', aud: 'shop' };
  function sign(payload: JWTPayload = {}, { kid = 'a', typ = 'at+jwt', key = pair.privateKey, expires = '5m' } = {}): Promise<string> {
    const jwt = new SignJWT({ ...claims, iss: url, ...payload }).setProtectedHeader({ alg: 'ES256', kid, typ });
    return jwt.setIssuedAt().setExpirationTime(expires).sign(key);
  }
  const tokens = () => new CustomerTokens({ url, audience: 'shop' });

  it('say whose they are, with one question to the issuer for many', async () => {
    const known = tokens();
    const before = served;
    for (let n = 0; n < 5; n += 1) expect(await known.find(await sign())).toEqual({ kind: 'customer', subject: 'user-7' });
    expect(served - before).toBe(1);
  });

  it('are refused when anything about them is wrong', async () => {
    const other = await generateKeyPair('ES256');
    const [head, body, signature] = (await sign()).split('.') as [string, string, string];
    const forged = Buffer.from(JSON.stringify({ ...claims, iss: url, sub: 'user-8', exp: 4e9, iat: 1 })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const wrong = {
      issuer: await sign({ iss: 'https://elsewhere.example' }),
      audience: await sign({ aud: 'other' }),
      type: await sign({}, { typ: 'JWT' }),
      key: await sign({}, { key: other.privateKey }),
      'unknown key': await sign({}, { kid: 'b' }),
      expired: await sign({}, { expires: '-1m' }),
      'changed body': [head, forged, signature].join('.'),
      'no algorithm': [none, body, ''].join('.'),
      garbage: 'a.b.c',
    };
    for (const [what, token] of Object.entries(wrong)) expect([what, await tokens().find(token)]).toEqual([what, undefined]);
  });

  it('are neither right nor wrong while the issuer does not answer', async () => {
    const away = new CustomerTokens({ url: 'http://127.0.0.1:9', audience: 'shop' });
    await expect(away.find(await sign())).rejects.toMatchObject({ status: 503, response: { code: 'ISSUER_UNAVAILABLE' } });
  });
});
