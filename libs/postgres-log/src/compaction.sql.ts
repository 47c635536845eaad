import type { Statement } from './log-pool.js';

/**
 * A record goes only in favour of one that is itself an hour old. Whoever reads a compacted topic from its beginning to its
 * end within that time therefore meets the last record of each key, whatever is compacted meanwhile.
 */
const LAG_MS = 60 * 60 * 1000;
/** For so long a tombstone tells readers that its key is gone. */
const TOMBSTONE_MS = 24 * 60 * 60 * 1000;

/** Compacted topics' partitions that have grown by half, and by a thousand records, since they were compacted. */
export const GROWN_PARTITIONS: Statement = {
  name: 'log-grown-partitions',
  text: `
    SELECT p.id FROM log.partitions p
    WHERE p.sparse AND p.next_offset - p.compacted_to > greatest(1000, p.compacted_rows / 2)
      AND p.compacted_at < clock_timestamp() - interval '10 minutes'`,
};

/** The last record of a partition always stays, so that whoever has read it has read to the end. */
export const COMPACT: Statement = {
  name: 'log-compact',
  text: `
    WITH part AS (
      SELECT id, next_offset, extract(epoch FROM clock_timestamp()) * 1000 AS now_ms FROM log.partitions WHERE id = $1
    ), last AS (
      SELECT r.key, max(r."offset") AS "offset" FROM log.records r, part
      WHERE r.partition_id = $1 AND r.timestamp_ms < part.now_ms - ${LAG_MS} GROUP BY r.key
    ), gone AS (
      DELETE FROM log.records r USING last, part
      WHERE r.partition_id = $1 AND r.key = last.key AND r."offset" < part.next_offset - 1
        AND (r."offset" < last."offset"
          OR r."offset" = last."offset" AND r.value IS NULL AND r.timestamp_ms < part.now_ms - ${TOMBSTONE_MS})
      RETURNING 1
    )
    UPDATE log.partitions p SET
      compacted_at = clock_timestamp(),
      compacted_to = coalesce((SELECT max("offset") + 1 FROM last), 0),
      compacted_rows = (SELECT count(*) FROM last)
    WHERE p.id = $1`,
};
