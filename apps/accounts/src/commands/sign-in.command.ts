import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { isPassword } from '../domain/password.js';
import { AccountRepository } from '../persistence/account.repository.js';
import { Entrance } from './entrance.js';
import type { Session } from './entrance.js';

/** Undefined: no such address, or not its password; which of both is not told. */
export class SignIn extends Command<Session | undefined> {
  constructor(
    readonly email: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly entrance: Entrance,
  ) {}

  async execute({ email, password }: SignIn): Promise<Session | undefined> {
    const account = await this.accounts.findByEmail(email);
    if (!(await isPassword(password, account?.passwordHash))) return undefined;
    return this.entrance.open(() => Promise.resolve(account!.userId));
  }
}
