import { UnitOfWork } from '@nestbox/database';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Sessions } from '../persistence/sessions.js';

/** The refresh token does not hold any more; an access token does until it expires. */
export class SignOut extends Command<void> {
  constructor(readonly refreshToken: string) {
    super();
  }
}

@CommandHandler(SignOut)
export class SignOutHandler implements ICommandHandler<SignOut> {
  constructor(
    private readonly sessions: Sessions,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async execute({ refreshToken }: SignOut): Promise<void> {
    await this.unitOfWork.run(() => this.sessions.close(refreshToken));
  }
}
