import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { uuid7 } from '@nestbox/kernel';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';

/** A pair for ES256, as JSON Web Keys. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

interface Row {
  readonly kid: string;
  readonly private_key: JWK;
  readonly public_key: JWK;
}

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('accounts.signing-keys', 0))`;
// The newest signs for 30 days. It is published at once and used after two minutes, so that caches of the old set do not refuse it.
const CURRENT = `SELECT kid, private_key, public_key FROM signing_keys
  WHERE created_at > now() - interval '30 days' ORDER BY created_at <= now() - interval '2 minutes' DESC, created_at DESC LIMIT 1`;
const AGE = `SELECT 1 FROM signing_keys WHERE created_at > now() - interval '29 days'`;
const PUBLISHED = `SELECT kid, private_key, public_key FROM signing_keys WHERE created_at > now() - interval '31 days' ORDER BY created_at DESC`;
const ADD = 'INSERT INTO signing_keys (kid, private_key, public_key) VALUES ($1, $2, $3)';
const CLEAN = `DELETE FROM signing_keys WHERE created_at <= now() - interval '31 days'`;

/** The keys that access tokens are signed with. A new one takes over every 29 days; an old one is known a day longer than it signs. */
@Injectable()
export class SigningKeys {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The one to sign with now; makes a new one when it is time. */
  current(): Promise<SigningKey> {
    return this.unitOfWork.run(async () => {
      if ((await this.unitOfWork.query(AGE)).length === 0) await this.rotate();
      const [row] = (await this.unitOfWork.query(CURRENT)) as unknown as Row[];
      return keyOf(row!);
    });
  }

  published(): Promise<readonly SigningKey[]> {
    return this.unitOfWork.run(async () => ((await this.unitOfWork.query(PUBLISHED)) as unknown as Row[]).map(keyOf));
  }

  /** Once, however many processes want to. */
  private async rotate(): Promise<void> {
    await this.unitOfWork.query(LOCK);
    if ((await this.unitOfWork.query(AGE)).length > 0) return;
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const kid = uuid7();
    const shared = { kid, alg: 'ES256', use: 'sig' };
    const pair = [{ ...(await exportJWK(privateKey)), ...shared }, { ...(await exportJWK(publicKey)), ...shared }];
    await this.unitOfWork.query(CLEAN);
    await this.unitOfWork.query(ADD, [kid, ...pair]);
  }
}

function keyOf({ kid, private_key: privateKey, public_key: publicKey }: Row): SigningKey {
  return { kid, privateKey, publicKey };
}
