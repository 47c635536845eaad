import { EntitySchema } from 'typeorm';
import { Account } from '../domain/account.js';

export const AccountTable = new EntitySchema<Account>({
  name: 'Account',
  target: Account,
  tableName: 'accounts',
  columns: {
    userId: { name: 'user_id', type: 'uuid', primary: true },
    version: { type: 'int' },
    email: { type: 'text' },
    passwordHash: { name: 'password_hash', type: 'text' },
    codeDigest: { name: 'code_digest', type: 'text', nullable: true },
    signedUpAt: { name: 'signed_up_at', type: 'timestamptz' },
  },
});
