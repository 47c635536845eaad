import { createHash, timingSafeEqual } from 'node:crypto';
import { UserSignedUp } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';
import { WrongCode } from './account.errors.js';

export interface SignUpWish {
  readonly userId: string;
  readonly email: string;
  readonly passwordHash: string;
  /** Is mailed to the address, to see whether it is theirs. */
  readonly confirmationCode: string;
  readonly now: Date;
}

/** One customer. The id says nothing of the person, so that it can stay when the person is forgotten. */
export class Account extends AggregateRoot {
  userId!: string;
  email!: string;
  passwordHash!: string;
  /** Of the code that is waited for; null once the address is confirmed. */
  codeDigest!: string | null;
  signedUpAt!: Date;

  static signUp({ userId, email, passwordHash, confirmationCode, now }: SignUpWish): Account {
    const account = new Account();
    account.raise(UserSignedUp, { accountId: userId, email, confirmationCode, signedUpAt: now.toISOString() });
    return Object.assign(account, { userId, email, passwordHash, codeDigest: digest(confirmationCode), signedUpAt: now });
  }

  /** Idempotent. Throws WrongCode. */
  confirm(code: string): void {
    if (this.codeDigest === null) return;
    if (!timingSafeEqual(Buffer.from(digest(code)), Buffer.from(this.codeDigest))) throw new WrongCode();
    this.codeDigest = null;
  }
}

function digest(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
