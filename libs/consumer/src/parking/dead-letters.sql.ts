import type { DeadLetterFilter } from './dead-letter.js';

const BRIEF = `id::text, handler, key, alone, status, reason, event_id AS "eventId", event_type AS "eventType",
  event_version AS "eventVersion", aggregate_version AS "aggregateVersion", topic, partition, "offset"::text, cause,
  error_class AS "errorClass", error_code AS "errorCode", error_message AS "errorMessage",
  correlation_id AS "correlationId", trace_id AS "traceId", edited_from::text AS "editedFrom", parked_at AS "parkedAt",
  due_at AS "dueAt", closed_at AS "closedAt"`;
export const DETAIL = `${BRIEF}, attempts, headers, record_key AS "recordKey", record_value AS "recordValue"`;
const STORED = `${DETAIL}, position::text, claimed`;
const OPEN = `status IN ('parked', 'delayed')`;
const OF_KEY = `handler = $1 AND key = $2 AND NOT alone AND ${OPEN}`;

export const GET = `SELECT ${DETAIL} FROM nestbox.dead_letters WHERE id = $1::bigint`;
export const HEAD = `SELECT id::text FROM nestbox.dead_letters WHERE ${OF_KEY} ORDER BY position LIMIT 1`;
export const LOCK = `SELECT ${STORED} FROM nestbox.dead_letters WHERE id = $1::bigint FOR UPDATE`;
export const LOCK_OF_KEY = `SELECT id FROM nestbox.dead_letters WHERE ${OF_KEY} ORDER BY position FOR UPDATE`;
export const LOCK_MARKER = `SELECT 1 FROM nestbox.parked_keys WHERE handler = $1::smallint AND key = $2 FOR UPDATE`;
// Lock the marker first: new events of the key wait for this lock.
export const RELEASE_KEY = `DELETE FROM nestbox.parked_keys WHERE handler = $1::smallint AND key = $2 AND NOT EXISTS (
  SELECT FROM nestbox.dead_letters WHERE handler = $3 AND key = $2 AND NOT alone AND ${OPEN})`;
export const CLOSE = `UPDATE nestbox.dead_letters SET status = $2, closed_at = now(), closed_by = $3::bigint, due_at = NULL
  WHERE id = $1::bigint`;
export const REOPEN = `UPDATE nestbox.dead_letters SET status = 'parked', alone = $2, closed_at = NULL, closed_by = NULL
  WHERE id = $1::bigint`;
export const LATER_REDRIVEN = `SELECT 1 FROM nestbox.dead_letters
  WHERE handler = $1 AND key = $2 AND NOT alone AND status = 'redriven' AND position > $3::bigint LIMIT 1`;
export const NOTE_FAILURE = `UPDATE nestbox.dead_letters SET cause = $3, error_class = $4,
    error_code = $5, error_message = $6, reason = CASE reason WHEN 'behind' THEN 'failed' ELSE reason END,
    attempts = CASE WHEN jsonb_array_length(attempts) >= 20 THEN attempts - 0 ELSE attempts END || $2::jsonb,
    status = CASE WHEN $7::float8 IS NULL THEN 'parked' ELSE 'delayed' END, due_at = now() + $7 * interval '1 ms',
    tries = tries + $8::int
  WHERE id = $1::bigint AND ${OPEN} RETURNING handler, key, alone`;
export const COPY = `INSERT INTO nestbox.dead_letters (position, handler, key, alone, claimed, reason, event_id, event_type,
    event_version, aggregate_version, topic, partition, "offset", record_key, record_value, headers, cause, error_class,
    error_code, error_message, attempts, correlation_id, trace_id, parked_at, edited_from)
  SELECT position, handler, key, alone, $2::boolean, CASE WHEN $2 AND reason = 'undecodable' THEN 'failed' ELSE reason END, $3::uuid, $4::text,
    $5::int, $6::int, topic, partition, "offset", record_key, $7::bytea, headers, cause, error_class, error_code, error_message, attempts,
    correlation_id, trace_id, parked_at, id
  FROM nestbox.dead_letters WHERE id = $1::bigint RETURNING id::text`;
/**
 * Dead letters that are due for an automatic retry: those that are alone, and the heads of keys. A head that waits for an
 * operator is skipped, even if its key is due.
 */
export const DUE = `SELECT id::text, handler, key, alone, event_type AS "eventType", tries FROM nestbox.dead_letters
    WHERE status = 'delayed' AND alone AND due_at <= now() AND handler = ANY($1)
  UNION ALL
  SELECT head.id::text, h.name, k.key, false, head.event_type, head.tries
    FROM nestbox.parked_keys k JOIN nestbox.handlers h ON h.id = k.handler CROSS JOIN LATERAL (
      SELECT id, event_type, tries, status, reason, due_at FROM nestbox.dead_letters
      WHERE handler = h.name AND key = k.key AND NOT alone AND ${OPEN} ORDER BY position LIMIT 1) head
    WHERE k.due_at <= now() AND h.name = ANY($1) AND (head.status = 'delayed' OR head.reason = 'behind')
      AND (head.due_at IS NULL OR head.due_at <= now())
  LIMIT 200`;
/** After the head of a key is closed: if the key is retried automatically, the next head is due at once. */
export const NEXT_IS_DUE = `UPDATE nestbox.parked_keys SET due_at = now()
  WHERE handler = $1::smallint AND key = $2 AND due_at IS NOT NULL`;
export const KEY_IS_DUE = `UPDATE nestbox.parked_keys SET due_at = now() + $3 * interval '1 ms' WHERE handler = $1::smallint AND key = $2`;
export const UNDOABLE = `SELECT status = 'discarded' AND closed_at > now() - $2 * interval '1 ms' AS yes
  FROM nestbox.dead_letters WHERE id = $1::bigint`;

export interface Query {
  readonly text: string;
  readonly values: unknown[];
}

export function page(filter: DeadLetterFilter, after: string, limit: number): Query {
  const { text, values } = where(filter);
  const at = values.length;
  return {
    text: `SELECT ${BRIEF} FROM nestbox.dead_letters WHERE ${text} AND id > $${at + 1}::bigint ORDER BY id LIMIT $${at + 2}`,
    values: [...values, after, limit],
  };
}

export function causes(filter: DeadLetterFilter): Query {
  const { text, values } = where(filter);
  return {
    text: `SELECT handler, cause, count(*)::int AS letters, count(DISTINCT key)::int AS keys, min(parked_at) AS since
      FROM nestbox.dead_letters WHERE ${text} AND cause IS NOT NULL GROUP BY handler, cause ORDER BY letters DESC, cause LIMIT 500`,
    values,
  };
}

/** The queues with a matching dead letter: whole keys, and dead letters that are alone. */
export function queues(filter: DeadLetterFilter): Query {
  const { text, values } = where(filter);
  return {
    text: `SELECT handler, key, min(id) FILTER (WHERE alone)::text AS id, count(*)::int AS matching
      FROM nestbox.dead_letters WHERE ${text} AND ${OPEN}
      GROUP BY handler, key, CASE WHEN alone THEN id END ORDER BY min(position)`,
    values,
  };
}

export function openIds(filter: DeadLetterFilter): Query {
  const { text, values } = where(filter);
  return { text: `SELECT id::text FROM nestbox.dead_letters WHERE ${text} AND ${OPEN} ORDER BY position`, values };
}

function where(filter: DeadLetterFilter): Query {
  const { handler, key, eventType, cause, status, parkedSince, parkedUntil } = filter;
  const conditions: [string, unknown][] = [
    ['handler =', handler],
    ['key =', key],
    ['event_type =', eventType],
    ['cause =', cause],
    ['status =', status],
    ['parked_at >=', parkedSince],
    ['parked_at <', parkedUntil],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  return {
    text: ['true', ...given.map(([condition], n) => `${condition} $${n + 1}`)].join(' AND '),
    values: given.map(([, value]) => value),
  };
}
