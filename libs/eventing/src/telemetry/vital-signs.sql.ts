/** Counting stops here: by then the exact number helps nobody, and costs. */
export const MOST_COUNTED = 100_000;

// An outbox that no relay has ever led has published nothing: '3:3:' is the snapshot in which nothing is visible.
/** FROM clause of these columns of every event that no relay has published yet. */
export const unpublishedRows = (columns: string) => `FROM (
    SELECT slice, slices, seen, reading, last_id FROM nestbox.relay
    UNION ALL SELECT 0, 1, '3:3:', NULL, 0 WHERE NOT EXISTS (SELECT FROM nestbox.relay)
  ) r CROSS JOIN LATERAL (
    SELECT ${columns} FROM nestbox.outbox o
    WHERE o.bucket % r.slices = r.slice
      AND o.tx >= pg_snapshot_xmin(r.seen) AND NOT pg_visible_in_snapshot(o.tx, r.seen)
      AND (r.reading IS NULL OR o.id > r.last_id OR NOT pg_visible_in_snapshot(o.tx, r.reading))
  ) o`;

export const unpublished = unpublishedRows('written_at');

export const OUTBOX = `SELECT
  (SELECT count(*)::int FROM (SELECT 1 ${unpublished} LIMIT ${MOST_COUNTED}) waiting) AS waiting,
  coalesce((SELECT extract(epoch FROM clock_timestamp() - min(written_at)) FROM (
    SELECT o.written_at ${unpublished} LIMIT ${MOST_COUNTED}) waiting), 0)::float8 AS "oldestSeconds",
  (SELECT count(*)::int FROM (SELECT 1 FROM nestbox.refused LIMIT ${MOST_COUNTED}) refused) AS refused`;

/** Per handler: what waits for an operator, and what is still tried by itself. */
export const PARKED = `WITH heads AS (
    SELECT DISTINCT ON (handler, key) handler, key, status FROM nestbox.dead_letters
    WHERE NOT alone AND status IN ('parked', 'delayed') ORDER BY handler, key, position
  ), keys AS (
    SELECT h.handler, count(*) FILTER (WHERE k.due_at IS NULL OR h.status = 'parked')::int AS parked,
      count(*) FILTER (WHERE k.due_at IS NOT NULL AND h.status = 'delayed')::int AS retried
    FROM heads h JOIN nestbox.handlers n ON n.name = h.handler
      JOIN nestbox.parked_keys k ON k.handler = n.id AND k.key = h.key
    GROUP BY h.handler
  ), letters AS (
    SELECT l.handler, count(*)::int AS letters, extract(epoch FROM clock_timestamp() - min(l.parked_at))::float8 AS oldest
    FROM nestbox.dead_letters l LEFT JOIN heads h ON h.handler = l.handler AND h.key = l.key AND NOT l.alone
    WHERE l.status = 'parked' AND (l.alone OR h.status = 'parked')
    GROUP BY l.handler
  )
  SELECT handler, coalesce(parked, 0) AS "parkedKeys", coalesce(retried, 0) AS "retriedKeys",
    coalesce(letters, 0) AS "deadLetters", coalesce(oldest, 0) AS "oldestSeconds"
  FROM keys FULL JOIN letters USING (handler)`;
