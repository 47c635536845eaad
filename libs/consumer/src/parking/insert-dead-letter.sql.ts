import { clean, describeFailure, MAX_HEADERS } from '@nestbox/messaging';
import type { BrokerRecord, EventMessage } from '@nestbox/messaging';
import type { Failure } from '../retry/retry.js';
import { INSERT_LETTER } from './parking.sql.js';

/** Longest name, and longest value, of a header that is kept. */
const KEPT_HEADER = 1_024;

export type DeadLetterReason = 'failed' | 'behind' | 'undecodable';

/** A record that a handler has not handled, and why. */
export interface NewLetter {
  /** Handler id; the group's name for a record of which nobody can say whose it is. */
  readonly handler: string;
  readonly key: string;
  /** True when it holds up no other event of its key. */
  readonly alone: boolean;
  /** True when the inbox holds its id for this letter's sake. */
  readonly claimed: boolean;
  readonly reason: DeadLetterReason;
  readonly record: BrokerRecord;
  readonly message?: EventMessage;
  readonly failure?: Failure;
}

export function insertDeadLetter(letter: NewLetter) {
  const { handler, key, alone, claimed, reason, record, message, failure } = letter;
  const described = failure && describeFailure(failure.error);
  const laterMs = failure?.laterMs;
  const values = [
    handler, key, alone, claimed,
    laterMs === undefined ? 'parked' : 'delayed',
    reason,
    message?.eventId,
    message && storable(message.eventType),
    int4(message?.eventVersion),
    int4(message?.aggregateVersion),
    record.topic, record.partition, record.offset, record.key, record.value,
    headersOf(record),
    described?.cause, described?.errorClass, described?.code, described?.message,
    JSON.stringify(failure?.attempts ?? []),
    message && storable(message.correlationId),
    message?.traceId,
    laterMs,
    failure?.counted ?? 0,
  ];
  // An absent value is NULL, not the absence of a parameter.
  return { ...INSERT_LETTER, values: values.map((value) => value ?? null) };
}

/**
 * What a sender put there may be no text that PostgreSQL can keep, or any amount of it. The bytes of key and value are
 * kept as they are.
 */
function headersOf({ headers }: BrokerRecord): string {
  const kept = Object.entries(headers).slice(0, MAX_HEADERS);
  return JSON.stringify(Object.fromEntries(kept.map(([name, value]) => [clean(name, KEPT_HEADER), clean(value, KEPT_HEADER)])));
}

function storable(text: string): string {
  return clean(text, Number.MAX_SAFE_INTEGER);
}

/** Null where a column of type int could not hold it. */
export function int4(value: unknown): number | null {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31 ? (value as number) : null;
}
