import { clean, describeFailure, MAX_HEADERS } from '@nestbox/messaging';
import type { BrokerRecord, EventMessage } from '@nestbox/messaging';
import type { Failure } from '../retry/retry.js';

// A record may be delivered again and be readable this time: its dead letter is then marked as claimed.
const INSERT_DEAD_LETTER = {
  name: 'nestbox-insert-dead-letter',
  text: `INSERT INTO nestbox.dead_letters (handler, key, alone, claimed, status, reason, event_id, event_type, event_version,
      aggregate_version, topic, partition, "offset", record_key, record_value, headers, cause, error_class, error_code,
      error_message, attempts, correlation_id, trace_id, due_at, tries)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
      now() + $24 * interval '1 ms', $25)
    ON CONFLICT (handler, topic, partition, "offset") WHERE edited_from IS NULL
    DO UPDATE SET claimed = dead_letters.claimed OR excluded.claimed
    RETURNING id, xmax = 0 AS inserted`,
};

/** Maximum length of the name and of the value of a stored header. */
const KEPT_HEADER = 1_024;

export type DeadLetterReason = 'failed' | 'behind' | 'undecodable';

/** A record that a handler did not handle, and why. */
interface NewDeadLetter {
  /** Handler id; the group's name when the record's handler is unknown. */
  readonly handler: string;
  readonly key: string;
  /** True when no other event of its key waits for it. */
  readonly alone: boolean;
  /** True when the inbox claim of the event belongs to this dead letter. */
  readonly claimed: boolean;
  readonly reason: DeadLetterReason;
  readonly record: BrokerRecord;
  readonly message?: EventMessage;
  readonly failure?: Failure;
}

export function insertDeadLetter({ handler, key, alone, claimed, reason, record, message, failure }: NewDeadLetter) {
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
  // pg needs null for an absent value.
  return { ...INSERT_DEAD_LETTER, values: values.map((value) => value ?? null) };
}

/** Foreign headers may be very long, or no valid text for PostgreSQL. Key and value are stored as bytes, unchanged. */
function headersOf({ headers }: BrokerRecord): string {
  const kept = Object.entries(headers).slice(0, MAX_HEADERS);
  return JSON.stringify(Object.fromEntries(kept.map(([name, value]) => [clean(name, KEPT_HEADER), clean(value, KEPT_HEADER)])));
}

function storable(text: string): string {
  return clean(text, Number.MAX_SAFE_INTEGER);
}

/** Null when the value does not fit into a column of type int. */
export function int4(value: unknown): number | null {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31 ? (value as number) : null;
}
