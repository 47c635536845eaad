import { Injectable } from '@nestjs/common';
import { forgotten } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ErasesSubject } from '@nestbox/eventing';

const FORGET = 'UPDATE orders SET user_id = $2, email = $3 WHERE user_id = $1';

/** Keeps the orders and their totals; erases whose they were. */
@Injectable()
export class ForgetCustomer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ErasesSubject()
  async erase(userId: string): Promise<void> {
    await this.unitOfWork.query(FORGET, [userId, forgotten.userId, forgotten.email]);
  }
}
