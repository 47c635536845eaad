import { Injectable } from '@nestjs/common';
import { forgotten } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ErasesSubject } from '@nestbox/eventing';

// A mail that has not been sent waits for a recipient, and there is none any more.
const STRIKE_OUT = `
  DELETE FROM mails mail USING recipients recipient
  WHERE recipient.user_id = $1 AND mail.order_id = recipient.order_id AND mail.sent_at IS NULL`;
const NAMELESS = `UPDATE mails SET last_fault = NULL FROM recipients recipient WHERE recipient.user_id = $1 AND mails.order_id = recipient.order_id`;
const FORGET = 'UPDATE recipients SET user_id = $2, address = $3 WHERE user_id = $1';

/** That a mail went out stays known, and to whom does not. What has not gone out does not go out any more. */
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
