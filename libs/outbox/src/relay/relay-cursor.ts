/** How far a slice of the outbox has been read or published. Snapshots are PostgreSQL's text: `xmin:xmax:xip,…`. */
export interface RelayCursor {
  /** Every row visible in this snapshot is done. */
  readonly seen: string;
  /** The snapshot of a window that is done only up to and including `lastId`. */
  readonly reading: string | null;
  readonly lastId: string;
}

/** One row of the outbox without column names: row objects would cost a fifth of the throughput. */
export type OutboxRow = [id: string, topic: string, key: string, headers: string, value: string | null, snapshot: string];

export interface Window {
  readonly rows: readonly OutboxRow[];
  /** Where to continue, and what to store once these rows are published. */
  readonly next: RelayCursor;
}

/** The transactions that had not committed in `snapshot`: all from `xmax` on, and those in `inProgress`. */
export function unseen(snapshot: string): { xmax: string; inProgress: string[] } {
  const [, xmax = '3', list = ''] = snapshot.split(':');
  return { xmax, inProgress: list === '' ? [] : list.split(',') };
}

/** A full batch keeps its window open. A short batch closes it, and its snapshot becomes `seen`. */
export function advance(from: RelayCursor, rows: readonly OutboxRow[], limit: number): RelayCursor {
  if (rows.length === 0) return from.reading === null ? from : { seen: from.reading, reading: null, lastId: '0' };
  const [lastId, , , , , snapshot] = rows[rows.length - 1]!;
  return rows.length < limit
    ? { seen: snapshot, reading: null, lastId: '0' }
    : { seen: from.seen, reading: snapshot, lastId };
}

/**
 * The outbox is read in windows between two snapshots. All rows visible in the snapshot `seen` are published. A new window
 * holds the rows that are visible now and were not visible in `seen`, ordered by id. "Not visible in seen" is written as
 * `tx >= xmax OR tx in progress`, so a long transaction that holds back xmin costs nothing. A window larger than one batch is
 * pinned by its own snapshot (`reading`) and continued after `last_id`.
 */
const COLUMNS = 'o.id, o.topic, o.key, o.headers, o.value';

// OFFSET 0 stops the planner from computing min(id) by scanning the id index over all published rows.
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
