import { Injectable } from '@nestjs/common';
import { AUDIENCE_OF_TOKENS, Config } from '@nestbox/platform';
import { importJWK, SignJWT } from 'jose';
import { SigningKeys } from './signing-keys.js';

/** Short, because nobody is asked whether a token still holds: who signs out or leaves is known for so long. */
export const ACCESS_SECONDS = 900;

/** Signs access tokens (RFC 9068) that every app can check by itself. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly config: Config,
  ) {}

  async issue(userId: string): Promise<string> {
    const { kid, privateKey } = await this.keys.current();
    return new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setIssuer(this.config.accountsUrl!)
      .setAudience(AUDIENCE_OF_TOKENS)
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_SECONDS} s`)
      .sign(await importJWK(privateKey, 'ES256'));
  }
}
