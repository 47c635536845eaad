import { Injectable } from '@nestjs/common';
import { forgotten } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ErasesSubject } from '@nestbox/eventing';
import { wordsOf } from '../words.js';

const FORGET = `
  UPDATE orders SET user_id = $2,
    words = array_to_string(ARRAY(SELECT word FROM unnest(string_to_array(words, ' ')) AS word WHERE word <> ALL ($3)), ' ')
  WHERE user_id = $1`;

/** Orders can still be found by id and by products. */
@Injectable()
export class ForgetCustomer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ErasesSubject()
  async erase(userId: string): Promise<void> {
    await this.unitOfWork.query(FORGET, [userId, forgotten.userId, wordsOf(userId)]);
  }
}
