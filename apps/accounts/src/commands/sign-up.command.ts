import { randomBytes } from 'node:crypto';
import { UnitOfWork } from '@nestbox/database';
import { uuid7 } from '@nestbox/kernel';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Account } from '../domain/account.js';
import { hashPassword } from '../domain/password.js';
import { AccountRepository } from '../persistence/account.repository.js';

export class SignUp extends Command<void> {
  constructor(
    readonly email: string,
    readonly password: string,
  ) {
    super();
  }
}

/** Nothing happens where the address has an account: the answer must not tell strangers who is a customer. */
@CommandHandler(SignUp)
export class SignUpHandler implements ICommandHandler<SignUp> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async execute({ email, password }: SignUp): Promise<void> {
    // Before the transaction, because it takes long.
    const passwordHash = await hashPassword(password);
    const confirmationCode = randomBytes(15).toString('base64url');
    const account = Account.signUp({ userId: uuid7(), email, passwordHash, confirmationCode, now: new Date() });
    await this.unitOfWork.run(async () => {
      if (await this.accounts.reserve(email)) await this.accounts.save(account);
    });
  }
}
