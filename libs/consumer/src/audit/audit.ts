import { UnitOfWork } from '@nestbox/database';
import { clean } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { DeadLetterReasonMissing } from './audit.errors.js';
import { READ_AUDIT, WRITE_AUDIT } from './audit.sql.js';

/** Who does something and why; kept in the audit. */
export interface Authorship {
  readonly actor: string;
  readonly reason: string;
}

export type AuditAction = 'redrive' | 'redrive-ended' | 'edit' | 'discard' | 'undo-discard' | 'pause' | 'resume' | 'forget' | Rebuilding;
/** Of generations of projections. */
type Rebuilding = 'rebuild' | 'replay' | 'cancel-generation' | 'drop-generation';

export interface AuditRow extends Authorship {
  readonly id: string;
  readonly at: Date;
  readonly action: AuditAction;
  /** The first 1000 letters that it was about. */
  readonly letters: readonly string[];
  readonly detail: object;
}

/** Letters named in one row; an action on more says how many there were. */
const NAMED_LETTERS = 1_000;

/** Writes what operators do into a table that refuses to be changed, in the transaction of what they do. */
@Injectable()
export class Audit {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  /** Throws DEAD_LETTER_REASON_MISSING before anything has happened. */
  refuseAnonymous({ actor, reason }: Authorship): void {
    const isGiven = (text: unknown) => typeof text === 'string' && text.trim() !== '' && text.length <= 500;
    if (isGiven(actor) && isGiven(reason)) return;
    throw new DeadLetterReasonMissing('Say who does this and why, in 1 to 500 characters each: both are kept.');
  }

  /** Newest first; `before` is the id of the last one of the page before. */
  read(limit: number, before?: string): Promise<AuditRow[]> {
    return this.unitOfWork.run(() => this.unitOfWork.query<AuditRow>(READ_AUDIT, [before ?? null, limit]));
  }

  /** Returns the row's id. */
  async write(action: AuditAction, { actor, reason }: Authorship, letters: readonly string[], detail: object = {}): Promise<string> {
    const values = [
      clean(actor, 500),
      action,
      clean(reason, 500),
      letters.slice(0, NAMED_LETTERS),
      JSON.stringify({ ...detail, count: letters.length }).replaceAll('\\u0000', '\\ufffd'),
    ];
    const [row] = await this.unitOfWork.query<{ id: string }>(WRITE_AUDIT, values);
    return row!.id;
  }
}
