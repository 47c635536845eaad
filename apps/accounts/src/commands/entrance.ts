import { UnitOfWork } from '@nestbox/database';
import { Injectable } from '@nestjs/common';
import { ACCESS_SECONDS, AccessTokens } from '../adapters/access-tokens.js';
import { Sessions } from '../persistence/sessions.js';

/** What somebody holds who has signed in. */
export interface Session {
  readonly userId: string;
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
}

/** Lets somebody in whose identity is proven. */
@Injectable()
export class Entrance {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tokens: AccessTokens,
    private readonly sessions: Sessions,
  ) {}

  /** The proof, in the same transaction, says who it is; undefined: it failed. */
  open(prove: () => Promise<string | undefined>): Promise<Session | undefined> {
    return this.unitOfWork.run(async () => {
      const userId = await prove();
      if (userId === undefined) return undefined;
      const [accessToken, refreshToken] = [await this.tokens.issue(userId), await this.sessions.open(userId)];
      return { userId, accessToken, expiresInSeconds: ACCESS_SECONDS, refreshToken };
    });
  }
}
