import { DomainError } from '@nestbox/kernel';
import type { FailedAttempt } from '@nestbox/messaging';
import type { DeadLetterReason } from './insert-dead-letter.sql.js';

/** `parked`: waits for an operator. `delayed`: is retried at `dueAt`. The others are closed. */
export type DeadLetterStatus = 'parked' | 'delayed' | 'redriven' | 'discarded' | 'edited';

/** An event that one handler did not handle. Its content is in DeadLetterDetail. */
export interface DeadLetter {
  readonly id: string;
  readonly handler: string;
  readonly key: string;
  /** True when no other event of its key waits for it. */
  readonly alone: boolean;
  readonly status: DeadLetterStatus;
  /** `behind`: the event did not fail, but an earlier event of its key is parked. */
  readonly reason: DeadLetterReason;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly eventVersion: number | null;
  readonly aggregateVersion: number | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Fingerprint of error class and top frame. Dead letters with one cause need the same fix. */
  readonly cause: string | null;
  readonly errorClass: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly correlationId: string | null;
  readonly traceId: string | null;
  readonly editedFrom: string | null;
  readonly parkedAt: Date;
  readonly dueAt: Date | null;
  readonly closedAt: Date | null;
}

export interface DeadLetterDetail extends DeadLetter {
  readonly attempts: readonly FailedAttempt[];
  readonly headers: Readonly<Record<string, string>>;
  /** The record's bytes. */
  readonly recordKey: Buffer | null;
  readonly recordValue: Buffer | null;
  /** The envelope as JSON, when the value is Avro or Protobuf and its schema is available. */
  readonly recordText?: string;
}

/** A dead letter must meet all given conditions. */
export interface DeadLetterFilter {
  readonly handler?: string;
  readonly key?: string;
  readonly eventType?: string;
  readonly cause?: string;
  readonly status?: DeadLetterStatus;
  readonly parkedSince?: Date;
  readonly parkedUntil?: Date;
}

/** One dead letter, or every open one that matches a filter. */
export type DeadLetterSelection = { readonly id: string } | DeadLetterFilter;

/** A row of the table, with the columns that callers do not see. */
export interface StoredDeadLetter extends DeadLetterDetail {
  readonly position: string;
  readonly claimed: boolean;
}

/** Ids are bigints in decimal. */
export function isId(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id);
}

export class DeadLetterNotFound extends DomainError {
  readonly code = 'DEAD_LETTER_NOT_FOUND';
  override readonly kind = 'missing';
  constructor(id: string) {
    super(`There is no dead letter ${id}.`);
  }
}

export class DeadLetterClosed extends DomainError {
  readonly code = 'DEAD_LETTER_CLOSED';
  constructor(id: string, status: string) {
    super(`Dead letter ${id} is ${status}: nothing can be done with it any more.`);
  }
}

export class DeadLetterNotHead extends DomainError {
  readonly code = 'DEAD_LETTER_NOT_HEAD';
  constructor(id: string, head: string) {
    super(`Dead letter ${id} waits behind ${head}, the head of its key: deal with that first, or redrive the whole key.`);
  }
}

export class DeadLetterHandlerGone extends DomainError {
  readonly code = 'DEAD_LETTER_HANDLER_GONE';
  constructor(handler: string, what: string) {
    super(`No handler ${handler} here takes ${what}: run this where it is bound, or discard the dead letter.`);
  }
}

export class DeadLetterEditInvalid extends DomainError {
  readonly code = 'DEAD_LETTER_EDIT_INVALID';
  override readonly kind = 'rule';
}

export class DeadLetterUndoTooLate extends DomainError {
  readonly code = 'DEAD_LETTER_UNDO_TOO_LATE';
}
