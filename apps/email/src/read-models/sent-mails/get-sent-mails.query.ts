import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface SentMail {
  readonly kind: 'confirmation' | 'apology' | 'shipped';
  readonly to: string;
  readonly eventId: string;
  readonly sentAt: string;
}

/** The mails sent for an order, oldest first. */
export class GetSentMails extends Query<readonly SentMail[]> {
  constructor(readonly orderId: string) {
    super();
  }
}

@QueryHandler(GetSentMails)
export class GetSentMailsHandler implements IQueryHandler<GetSentMails> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ orderId }: GetSentMails): Promise<readonly SentMail[]> {
    const rows: (Omit<SentMail, 'sentAt'> & { sentAt: Date })[] = await this.unitOfWork.manager.query(
      `SELECT kind, address AS "to", event_id AS "eventId", sent_at AS "sentAt"
         FROM mails JOIN recipients USING (order_id)
        WHERE order_id = $1 AND sent_at IS NOT NULL ORDER BY sent_at`,
      [orderId],
    );
    return rows.map((row) => ({ ...row, sentAt: row.sentAt.toISOString() }));
  }
}
