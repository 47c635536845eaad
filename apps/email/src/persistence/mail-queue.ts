import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { currentCorrelation, runWithCorrelation } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';
import type { Mail, MailKind, Recipient } from '../domain/mail.js';
import { MailRefused } from '../domain/mailer.js';
import { ADD_MAIL, ADD_RECIPIENT, MARK_SENT, PUT_OFF, TAKE_DUE } from './mail-queue.sql.js';

export type Outcome = 'sent' | 'put off' | 'none';

interface DueRow {
  order_id: string;
  kind: MailKind;
  event_id: string;
  correlation_id: string;
  address: string;
  detail: string | null;
  /** The correlation of the request; null for mails older than this column. */
  correlation: Correlation | null;
}

/** Queued mails and their recipients. */
@Injectable()
export class MailQueue {
  private tellAdded: () => void = () => undefined;

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The listener is called after each commit in this process that made a mail ready. */
  whenAdded(listener: () => void): void {
    this.tellAdded = listener;
  }

  addRecipient(orderId: string, { address, userId }: Recipient): void {
    this.unitOfWork.write({ ...ADD_RECIPIENT, values: [orderId, address, userId] });
  }

  /** Ignores a second mail of the same kind for an order. The mail waits until the order's recipient is known. */
  add({ orderId, kind, eventId, correlationId, detail }: Mail): void {
    this.unitOfWork.write({ ...ADD_MAIL, values: [orderId, kind, eventId, correlationId, currentCorrelation() ?? null, detail ?? null] });
    this.unitOfWork.current.onAfterCommit(() => this.tellAdded());
  }

  /**
   * Delivers one due mail and marks it as sent in the transaction that locks its row. A refused mail becomes due again later;
   * any other failure changes nothing.
   */
  deliverNext(deliver: (mail: Mail, to: string) => Promise<void>): Promise<Outcome> {
    return this.unitOfWork.runNew(async () => {
      const { rows } = await this.unitOfWork.current.query<DueRow & Record<string, unknown>>(TAKE_DUE);
      const row = rows[0];
      if (!row) return 'none';
      const { order_id: orderId, kind, event_id: eventId, correlation_id: correlationId, address, correlation, detail } = row;
      try {
        const send = () => deliver({ orderId, kind, eventId, correlationId, detail: detail ?? undefined }, address);
        await (correlation ? runWithCorrelation(correlation, send) : send());
      } catch (error) {
        if (!(error instanceof MailRefused)) throw error;
        this.unitOfWork.write({ ...PUT_OFF, values: [orderId, kind, error.message] });
        return 'put off';
      }
      this.unitOfWork.write({ ...MARK_SENT, values: [orderId, kind] });
      return 'sent';
    });
  }
}
