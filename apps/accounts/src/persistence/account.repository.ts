import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Account } from '../domain/account.js';

@Injectable()
export class AccountRepository extends AggregateRepository<Account> {
  constructor(
    private readonly transaction: UnitOfWork,
    outbox: Outbox,
  ) {
    super(Account, transaction, outbox);
  }

  /** Others who want this address wait until the transaction ends. Returns whether it is free. */
  async reserve(email: string): Promise<boolean> {
    await this.transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [email]);
    return (await this.transaction.query('SELECT 1 FROM accounts WHERE email = $1', [email])).length === 0;
  }

  async findByEmail(email: string): Promise<Account | null> {
    return this.transaction.manager.findOne(Account, { where: { email } });
  }
}
