import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Sessions } from '../persistence/sessions.js';
import { Entrance } from './entrance.js';
import type { Session } from './entrance.js';

/** By a refresh token, which is used up. Undefined: it does not hold. */
export class SignInAgain extends Command<Session | undefined> {
  constructor(readonly refreshToken: string) {
    super();
  }
}

@CommandHandler(SignInAgain)
export class SignInAgainHandler implements ICommandHandler<SignInAgain> {
  constructor(
    private readonly sessions: Sessions,
    private readonly entrance: Entrance,
  ) {}

  execute({ refreshToken }: SignInAgain): Promise<Session | undefined> {
    return this.entrance.open(() => this.sessions.close(refreshToken));
  }
}
