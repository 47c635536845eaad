import { UnitOfWork } from '@nestbox/database';
import { DomainError } from '@nestbox/kernel';
import { clean } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';

const WRITE_AUDIT = `INSERT INTO nestbox.audit (actor, action, reason, letters, detail)
  VALUES ($1, $2, $3, $4::bigint[], $5) RETURNING id::text`;
const READ_AUDIT = `SELECT id::text, at, actor, action, reason, letters::text[], detail FROM nestbox.audit
  WHERE $1::bigint IS NULL OR id < $1::bigint ORDER BY id DESC LIMIT $2`;

export class DeadLetterReasonMissing extends DomainError {
  readonly code = 'DEAD_LETTER_REASON_MISSING';
  override readonly kind = 'rule';
}

/** Who acts, and why. Stored in the audit. */
export interface Authorship {
  readonly actor: string;
  readonly reason: string;
}

export type AuditAction = 'redrive' | 'redrive-ended' | 'edit' | 'discard' | 'undo-discard' | 'pause' | 'resume' | 'forget' | Rebuilding;
type Rebuilding = 'rebuild' | 'replay' | 'cancel-generation' | 'drop-generation';

export interface AuditRow extends Authorship {
  readonly id: string;
  readonly at: Date;
  readonly action: AuditAction;
  /** Ids of the affected dead letters, at most 1000. */
  readonly letters: readonly string[];
  readonly detail: object;
}

/** Dead letters named in one row. `detail.count` is the number of all. */
const MAX_NAMED = 1_000;

/** Records operators' actions in an append-only table, in the transaction of the action. */
@Injectable()
export class Audit {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  /** Throws DEAD_LETTER_REASON_MISSING. Call it before the action. */
  refuseAnonymous({ actor, reason }: Authorship): void {
    const isGiven = (text: unknown) => typeof text === 'string' && text.trim() !== '' && text.length <= 500;
    if (isGiven(actor) && isGiven(reason)) return;
    throw new DeadLetterReasonMissing('Say who does this and why, in 1 to 500 characters each: both are kept.');
  }

  /** Newest first. `before`: the last id of the previous page. */
  read(limit: number, before?: string): Promise<AuditRow[]> {
    return this.unitOfWork.run(() => this.unitOfWork.query<AuditRow>(READ_AUDIT, [before ?? null, limit]));
  }

  /** Returns the row's id. */
  async write(action: AuditAction, { actor, reason }: Authorship, deadLetters: readonly string[], detail: object = {}): Promise<string> {
    const values = [
      clean(actor, 500),
      action,
      clean(reason, 500),
      deadLetters.slice(0, MAX_NAMED),
      JSON.stringify({ ...detail, count: deadLetters.length }).replaceAll('\\u0000', '\\ufffd'),
    ];
    const [row] = await this.unitOfWork.query<{ id: string }>(WRITE_AUDIT, values);
    return row!.id;
  }
}
