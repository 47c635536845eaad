import { ServiceUnavailableException } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import type { Customer } from './caller.js';

/** Where customers' access tokens come from. */
export interface Issuer {
  /** As it stands in the tokens; its keys are at `/.well-known/jwks.json` below it. */
  readonly url: string;
  /** Whom the tokens are for. */
  readonly audience: string;
}

const FAULTS_OF_THE_TOKEN = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

/** Checks access tokens (RFC 9068) by the issuer's public keys, which are fetched once and again when an unknown one is named. */
export class CustomerTokens {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly issuer: Issuer) {
    this.keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer.url), { timeoutDuration: 3_000, cooldownDuration: 5_000 });
  }

  /** @throws ServiceUnavailableException while the keys cannot be had. */
  async find(token: string): Promise<Customer | undefined> {
    const { url: issuer, audience } = this.issuer;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer, audience, algorithms: ['ES256'], typ: 'at+jwt', requiredClaims: ['sub', 'exp', 'iat'], clockTolerance: 5,
      });
      return { kind: 'customer', subject: payload.sub! };
    } catch (cause) {
      if (FAULTS_OF_THE_TOKEN.some((fault) => cause instanceof fault)) return undefined;
      throw new ServiceUnavailableException(
        { code: 'ISSUER_UNAVAILABLE', message: `The keys of ${issuer} cannot be had, so nobody can be recognised: try again later.` },
        { cause },
      );
    }
  }
}
