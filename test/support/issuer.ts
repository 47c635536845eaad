import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AUDIENCE_OF_TOKENS } from '@nestbox/platform';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Lets anybody in as whomever a test wants, as the accounts app would. */
export class Issuer {
  private constructor(
    private readonly server: Server,
    private readonly key: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'],
  ) {}

  static async start(): Promise<Issuer> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'tests', alg: 'ES256', use: 'sig' }];
    const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Issuer(server, privateKey);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The header of somebody who has signed in. */
  async as(userId: string): Promise<{ authorization: string }> {
    const jwt = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'tests', typ: 'at+jwt' });
    const token = await jwt.setIssuer(this.url).setAudience(AUDIENCE_OF_TOKENS).setSubject(userId).setIssuedAt().setExpirationTime('5m').sign(this.key);
    return { authorization: `Bearer ${token}` };
  }

  stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
