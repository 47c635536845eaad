/** Raises new alerts, with a notice for every channel, and updates known ones. */
export const SEE = `WITH seen AS (
    INSERT INTO nestbox.alerts (rule, subject, summary) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
    ON CONFLICT (rule, subject) WHERE cleared_at IS NULL
    DO UPDATE SET seen_at = clock_timestamp(), summary = excluded.summary
    RETURNING id, xmax = 0 AS is_new)
  INSERT INTO nestbox.alert_notices (alert, what, channel)
  SELECT id, 'raised', channel FROM seen CROSS JOIN unnest($4::text[]) AS channel WHERE is_new`;

/** Any process may clear an alert not seen for $1 ms: the process that raised it may have died. */
export const CLEAR = `WITH over AS (
    UPDATE nestbox.alerts SET cleared_at = clock_timestamp()
    WHERE cleared_at IS NULL AND seen_at < clock_timestamp() - $1 * interval '1 ms' RETURNING id)
  INSERT INTO nestbox.alert_notices (alert, what, channel)
  SELECT id, 'cleared', channel FROM over CROSS JOIN unnest($2::text[]) AS channel`;

/** Locks the next notice for this transaction. In order of id, so that `raised` goes out before `cleared`. */
export const NEXT_NOTICE = `SELECT n.id::text, n.what, n.channel, n.tries, a.rule, a.subject, a.summary,
    a.raised_at AS "raisedAt", a.cleared_at AS "clearedAt"
  FROM nestbox.alert_notices n JOIN nestbox.alerts a ON a.id = n.alert
  WHERE n.sent_at IS NULL AND n.due_at <= clock_timestamp() AND n.channel = ANY($1)
  ORDER BY n.id LIMIT 1 FOR UPDATE OF n SKIP LOCKED`;
export const SENT = `UPDATE nestbox.alert_notices SET sent_at = clock_timestamp() WHERE id = $1::bigint`;
export const NOT_SENT = `UPDATE nestbox.alert_notices SET tries = tries + 1, due_at = clock_timestamp() + $2 * interval '1 ms'
  WHERE id = $1::bigint`;
export const OPEN_ALERTS = `SELECT rule, count(*)::int AS count FROM nestbox.alerts WHERE cleared_at IS NULL GROUP BY rule`;
export const FORGET = `DELETE FROM nestbox.alerts WHERE cleared_at < now() - interval '30 days'`;
