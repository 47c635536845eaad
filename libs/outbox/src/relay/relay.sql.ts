/**
 * How the outbox is read: in windows between two snapshots. `seen` is the snapshot whose every visible row has been
 * published; a new window holds what is visible now and was not visible in `seen`, ordered by id. "Not visible in seen"
 * is spelled out as `tx >= xmax OR tx among those in progress`, so that a long transaction that holds xmin back costs
 * nothing. A window larger than one batch is pinned by its own snapshot (`reading`) and continued after `last_id`.
 */
const COLUMNS = 'o.id, o.topic, o.key, o.headers, o.value';

// OFFSET 0 keeps the planner from answering min(id) by walking the id index over every published row.
const FIRST_ID = `least(
  (SELECT min(id) FROM (SELECT id FROM nestbox.outbox WHERE tx >= $1::xid8 OFFSET 0) a),
  (SELECT min(id) FROM (SELECT id FROM nestbox.outbox WHERE tx = ANY($2::xid8[]) OFFSET 0) b))`;
const UNSEEN = `(o.tx >= $1::xid8 OR o.tx = ANY($2::xid8[])) AND o.bucket % $3::int = $4::int`;

/** First batch of a new window. $1 xmax and $2 in-progress list of `seen`, $3 slices, $4 slice, $5 limit. */
export const READ_WINDOW = {
  name: 'nestbox-relay-window',
  text: `SELECT ${COLUMNS}, pg_current_snapshot()::text
    FROM nestbox.outbox o
    WHERE o.id >= ${FIRST_ID} AND ${UNSEEN}
    ORDER BY o.id LIMIT $5`,
};

/** Next batch of a pinned window. As above, then $6 the pinned snapshot, $7 the last id read. */
export const READ_ON = {
  name: 'nestbox-relay-on',
  text: `SELECT ${COLUMNS}, $6::text
    FROM nestbox.outbox o
    WHERE o.id > $7::bigint AND ${UNSEEN} AND pg_visible_in_snapshot(o.tx, $6::pg_snapshot)
    ORDER BY o.id LIMIT $5`,
};

export const CREATE_LEASES = `INSERT INTO nestbox.relay (slice, slices)
  SELECT s, $1::int FROM generate_series(0, $1::int - 1) s ON CONFLICT DO NOTHING`;

/**
 * Takes a lease that is free, expired, or this holder's own from before its connection broke, and raises its epoch. A database that was restored from a dump has a younger transaction
 * counter than `seen`: then everything still in the outbox counts as unseen (duplicates, not losses).
 */
export const TAKE_LEASE = `UPDATE nestbox.relay SET
    holder = $2, epoch = epoch + 1, expires_at = clock_timestamp() + $3::int * interval '1 ms',
    seen = CASE WHEN restored THEN '3:3:'::pg_snapshot ELSE seen END,
    reading = CASE WHEN restored THEN NULL ELSE reading END
  FROM (SELECT pg_snapshot_xmax(seen) > pg_snapshot_xmax(pg_current_snapshot()) AS restored, slice AS s
        FROM nestbox.relay WHERE slice = $1) was
  WHERE slice = $1 AND s = slice AND (expires_at < clock_timestamp() OR holder = $2)
  RETURNING epoch, slices, seen::text, reading::text, last_id, restored`;

export const ADOPT_RESTORED_ROWS = `UPDATE nestbox.outbox SET tx = pg_current_xact_id()
  WHERE tx >= pg_snapshot_xmax(pg_current_snapshot())`;

/** Moves the position and renews the lease, only while it is still this holder's epoch. */
export const MARK = {
  name: 'nestbox-relay-mark',
  text: `UPDATE nestbox.relay SET seen = $4::pg_snapshot, reading = $5::pg_snapshot, last_id = $6::bigint,
      expires_at = clock_timestamp() + $3::int * interval '1 ms'
    WHERE slice = $1 AND epoch = $2`,
};

export const RENEW = {
  name: 'nestbox-relay-renew',
  text: `UPDATE nestbox.relay SET expires_at = clock_timestamp() + $3::int * interval '1 ms'
    WHERE slice = $1 AND epoch = $2`,
};

export const RELEASE = `UPDATE nestbox.relay SET expires_at = '-infinity', holder = NULL WHERE slice = $1 AND epoch = $2`;

export const REFUSE = `INSERT INTO nestbox.refused (id, topic, key, headers, value, reason)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;

export const REFUSED_KEYS = 'SELECT DISTINCT topic, key FROM nestbox.refused';

export const LEASES = `SELECT slice, holder, epoch::text, expires_at > clock_timestamp() AS alive FROM nestbox.relay ORDER BY slice`;
