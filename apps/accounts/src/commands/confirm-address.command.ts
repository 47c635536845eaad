import { UnitOfWork } from '@nestbox/database';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { AccountNotFound } from '../domain/account.errors.js';
import { AccountRepository } from '../persistence/account.repository.js';

export class ConfirmAddress extends Command<void> {
  constructor(
    readonly userId: string,
    readonly code: string,
  ) {
    super();
  }
}

@CommandHandler(ConfirmAddress)
export class ConfirmAddressHandler implements ICommandHandler<ConfirmAddress> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async execute({ userId, code }: ConfirmAddress): Promise<void> {
    await this.unitOfWork.run(async () => {
      const account = await this.accounts.lock(userId);
      if (!account) throw new AccountNotFound();
      account.confirm(code);
      await this.accounts.save(account);
    });
  }
}
