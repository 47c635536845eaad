import { Controller } from '@nestjs/common';
import { UserSignedUp } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { z } from 'zod';

// Only what is counted, so that nobody is forgotten here, because nobody is known.
const SignUp = z.object({ signedUpAt: z.iso.datetime() });
const examples = [{ signedUpAt: '2026-11-23T06:00:00.000Z' }];

const COUNT = {
  name: 'analytics.count-sign-ups',
  text: `INSERT INTO sign_ups_by_day (day, partition, people)
    SELECT (signed_up_at AT TIME ZONE 'UTC')::date, partition, count(*)
    FROM unnest($1::timestamptz[], $2::int[]) AS taken (signed_up_at, partition)
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (day, partition) DO UPDATE SET people = sign_ups_by_day.people + excluded.people`,
};

/** People who signed up, by day (UTC). */
@Controller()
export class SignUpsProjection {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(UserSignedUp, { id: 'analytics.count-sign-ups', tables: ['sign_ups_by_day'], batch: true, reads: SignUp, examples })
  async signedUp(events: readonly EventMessage<z.output<typeof SignUp>>[]): Promise<void> {
    const signedUpAt = events.map(({ data }) => data.signedUpAt);
    this.unitOfWork.write({ ...COUNT, values: [signedUpAt, events.map(({ partition }) => partition)] });
  }
}
