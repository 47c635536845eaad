import type { Statement } from './log-pool.js';

/**
 * Compaction replaces a record only by one that is at least an hour old. A reader that needs less than an hour for the whole
 * topic therefore sees a last record of every key, even during compaction.
 */
const LAG_MS = 60 * 60 * 1000;
/** How long a tombstone is kept, so that readers see the deletion of its key. */
const TOMBSTONE_MS = 24 * 60 * 60 * 1000;

/** Partitions of compacted topics that have grown by half, and by a thousand records, since their last compaction. */
export const GROWN_PARTITIONS: Statement = {
  name: 'log-grown-partitions',
  text: `
    SELECT p.id FROM log.partitions p
    WHERE p.sparse AND p.next_offset - p.compacted_to > greatest(1000, p.compacted_rows / 2)
      AND p.compacted_at < clock_timestamp() - interval '10 minutes'`,
};

/** Keeps a partition's last record, so that a reader can reach the end offset. */
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
