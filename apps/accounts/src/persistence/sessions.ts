import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';

const OPEN = `INSERT INTO sessions (digest, user_id, expires_at) VALUES ($1, $2, now() + interval '30 days')`;
const CLOSE = 'DELETE FROM sessions WHERE digest = $1 RETURNING user_id, expires_at > now() AS valid';
const CLEAN = 'DELETE FROM sessions WHERE user_id = $1 AND expires_at <= now()';

/** Refresh tokens: each can be used once, within 30 days. Only their digests are kept. */
@Injectable()
export class Sessions {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async open(userId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.unitOfWork.query(CLEAN, [userId]);
    await this.unitOfWork.query(OPEN, [digest(token), userId]);
    return token;
  }

  /** Returns whose it was; undefined when it is unknown, used or too old. */
  async close(token: string): Promise<string | undefined> {
    const [row] = (await this.unitOfWork.query(CLOSE, [digest(token)])) as { user_id: string; valid: boolean }[];
    return row?.valid ? row.user_id : undefined;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
