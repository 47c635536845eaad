import { unpublished } from '@nestbox/outbox';

/** Counting stops here: a more exact number is of no use, and costly. */
export const MOST_COUNTED = 100_000;

export const OUTBOX = `SELECT
  (SELECT count(*)::int FROM (SELECT 1 ${unpublished} LIMIT ${MOST_COUNTED}) waiting) AS waiting,
  coalesce((SELECT extract(epoch FROM clock_timestamp() - min(written_at)) FROM (
    SELECT o.written_at ${unpublished} LIMIT ${MOST_COUNTED}) waiting), 0)::float8 AS "oldestSeconds",
  (SELECT count(*)::int FROM (SELECT 1 FROM nestbox.refused LIMIT ${MOST_COUNTED}) refused) AS refused`;

/** Per handler: what waits for an operator, and what is still retried automatically. */
export const PARKED = `WITH heads AS (
    SELECT DISTINCT ON (handler, key) handler, key, status FROM nestbox.dead_letters
    WHERE NOT alone AND status IN ('parked', 'delayed') ORDER BY handler, key, position
  ), keys AS (
    SELECT h.handler, count(*) FILTER (WHERE k.due_at IS NULL OR h.status = 'parked')::int AS parked,
      count(*) FILTER (WHERE k.due_at IS NOT NULL AND h.status = 'delayed')::int AS retried
    FROM heads h JOIN nestbox.handlers n ON n.name = h.handler
      JOIN nestbox.parked_keys k ON k.handler = n.id AND k.key = h.key
    GROUP BY h.handler
  ), waiting AS (
    SELECT l.handler, count(*)::int AS dead_letters, extract(epoch FROM clock_timestamp() - min(l.parked_at))::float8 AS oldest
    FROM nestbox.dead_letters l LEFT JOIN heads h ON h.handler = l.handler AND h.key = l.key AND NOT l.alone
    WHERE l.status = 'parked' AND (l.alone OR h.status = 'parked')
    GROUP BY l.handler
  )
  SELECT handler, coalesce(parked, 0) AS "parkedKeys", coalesce(retried, 0) AS "retriedKeys",
    coalesce(dead_letters, 0) AS "deadLetters", coalesce(oldest, 0) AS "oldestSeconds"
  FROM keys FULL JOIN waiting USING (handler)`;
