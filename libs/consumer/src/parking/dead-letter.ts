import type { FailedAttempt } from '@nestbox/messaging';
import type { DeadLetterReason } from './insert-dead-letter.sql.js';

/** `parked`: waits for an operator. `delayed`: its handler gets it again at `dueAt`. The others are closed. */
export type DeadLetterStatus = 'parked' | 'delayed' | 'redriven' | 'discarded' | 'edited';

/** One event that one handler has not handled. What the event says is not in here: see DeadLetterDetail. */
export interface DeadLetter {
  readonly id: string;
  readonly handler: string;
  readonly key: string;
  /** True when no other event of its key waits for it. */
  readonly alone: boolean;
  readonly status: DeadLetterStatus;
  /** `behind`: nothing is wrong with it but that an earlier event of its key is parked. */
  readonly reason: DeadLetterReason;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly eventVersion: number | null;
  readonly aggregateVersion: number | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Fingerprint of error class and top frame: letters of one cause are mended by one fix. */
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
  /** The envelope as JSON, where the value is Avro or Protobuf and its schema can be had. */
  readonly recordText?: string;
}

/** All given conditions together. */
export interface DeadLetterFilter {
  readonly handler?: string;
  readonly key?: string;
  readonly eventType?: string;
  readonly cause?: string;
  readonly status?: DeadLetterStatus;
  readonly parkedSince?: Date;
  readonly parkedUntil?: Date;
}

/** One letter, or every open one that a filter finds. */
export type DeadLetterSelection = { readonly id: string } | DeadLetterFilter;

/** What is in the tables beside what callers see. */
export interface StoredDeadLetter extends DeadLetterDetail {
  readonly position: string;
  readonly claimed: boolean;
}
