import { Injectable } from '@nestjs/common';
import { forgotten } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ErasesSubject } from '@nestbox/eventing';

// Without a recipient, an unsent mail is never sent.
const STRIKE_OUT = `
  DELETE FROM mails mail USING recipients recipient
  WHERE recipient.user_id = $1 AND mail.order_id = recipient.order_id AND mail.sent_at IS NULL`;
const NAMELESS = `UPDATE mails SET last_fault = NULL, detail = NULL FROM recipients recipient WHERE recipient.user_id = $1 AND mails.order_id = recipient.order_id`;
const FORGET = 'UPDATE recipients SET user_id = $2, address = $3 WHERE user_id = $1';

/** Keeps the fact that a mail was sent, erases the recipient, and stops unsent mails. */
@Injectable()
export class ForgetCustomer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ErasesSubject()
  async erase(userId: string): Promise<void> {
    await this.unitOfWork.query(STRIKE_OUT, [userId]);
    await this.unitOfWork.query(NAMELESS, [userId]);
    await this.unitOfWork.query(FORGET, [userId, forgotten.userId, forgotten.email]);
  }
}
