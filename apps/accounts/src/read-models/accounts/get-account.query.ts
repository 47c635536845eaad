import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface AccountDetails {
  readonly userId: string;
  readonly email: string;
  readonly confirmed: boolean;
  readonly signedUpAt: string;
}

export class GetAccount extends Query<AccountDetails | undefined> {
  constructor(readonly userId: string) {
    super();
  }
}

interface Row {
  user_id: string;
  email: string;
  confirmed: boolean;
  signed_up_at: Date;
}

@QueryHandler(GetAccount)
export class GetAccountHandler implements IQueryHandler<GetAccount> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ userId }: GetAccount): Promise<AccountDetails | undefined> {
    const [row]: Row[] = await this.unitOfWork.manager.query(
      'SELECT user_id, email, code_digest IS NULL AS confirmed, signed_up_at FROM accounts WHERE user_id::text = $1',
      [userId],
    );
    if (!row) return undefined;
    const { user_id, email, confirmed, signed_up_at } = row;
    return { userId: user_id, email, confirmed, signedUpAt: signed_up_at.toISOString() };
  }
}
