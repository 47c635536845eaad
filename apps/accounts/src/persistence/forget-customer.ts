import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { ErasesSubject } from '@nestbox/eventing';

// The address stays unique: each forgotten one is made of the id, which says nothing of the person.
const FORGET = `UPDATE accounts SET email = user_id || '@forgotten.invalid', password_hash = '', code_digest = NULL WHERE user_id::text = $1`;
const SIGN_OUT = 'DELETE FROM sessions WHERE user_id::text = $1';

/** Keeps that there was somebody; nobody can sign in as them any more. */
@Injectable()
export class ForgetCustomer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ErasesSubject()
  async erase(userId: string): Promise<void> {
    await this.unitOfWork.query(SIGN_OUT, [userId]);
    await this.unitOfWork.query(FORGET, [userId]);
  }
}
