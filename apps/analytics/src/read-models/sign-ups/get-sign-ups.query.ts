import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface SignUps {
  /** `2026-11-23`; UTC. */
  readonly day: string;
  readonly people: number;
}

/** The latest thousand days on which anybody signed up, oldest first. */
export class GetSignUps extends Query<readonly SignUps[]> {}

const SIGN_UPS = `
  SELECT to_char(day, 'YYYY-MM-DD') AS day, people FROM (
    SELECT day, sum(people) AS people FROM sign_ups_by_day GROUP BY day ORDER BY day DESC LIMIT 1000
  ) latest ORDER BY day`;

@QueryHandler(GetSignUps)
export class GetSignUpsHandler implements IQueryHandler<GetSignUps> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(): Promise<readonly SignUps[]> {
    const rows: { day: string; people: string }[] = await this.unitOfWork.manager.query(SIGN_UPS);
    return rows.map(({ day, people }) => ({ day, people: Number(people) }));
  }
}
