import type { Statement } from './log-pool.js';

export const PARTITIONS_OF_TOPICS: Statement = {
  name: 'log-partitions-of-topics',
  text: `
    SELECT topic, partition, id, retention_ms, cleanup
    FROM log.partitions JOIN log.topics ON topics.name = partitions.topic
    WHERE topic = ANY($1)
    ORDER BY topic, partition`,
};

/** In a race only the process that inserts the topic's row inserts partitions. */
export const CREATE_TOPIC: Statement = {
  name: 'log-create-topic',
  text: `
    WITH created AS (
      INSERT INTO log.topics (name, partitions, retention_ms, cleanup) VALUES ($1, $2, $3, $4)
      ON CONFLICT (name) DO NOTHING
      RETURNING name, partitions, cleanup
    )
    INSERT INTO log.partitions (topic, partition, sparse)
    SELECT name, generate_series(0, partitions - 1), cleanup = 'compact' FROM created`,
};

/**
 * Locks rows in the order of their ids, so that two appends cannot deadlock. The locks last until commit, so that offsets
 * become visible in order and without a gap. A missing partition yields a null offset, which makes the whole batch fail.
 */
export const APPEND: Statement = {
  name: 'log-append',
  text: `
    WITH locked AS MATERIALIZED (
      SELECT p.id, p.next_offset, w.count
      FROM unnest($1::integer[], $2::integer[]) AS w (id, count) JOIN log.partitions p USING (id)
      ORDER BY p.id FOR UPDATE OF p
    ), bumped AS (
      UPDATE log.partitions p SET next_offset = l.next_offset + l.count FROM locked l WHERE p.id = l.id
    )
    INSERT INTO log.records (partition_id, "offset", key, value, headers, timestamp_ms)
    SELECT r.id, l.next_offset + r.ordinal, r.key, r.value, r.headers,
           (extract(epoch FROM statement_timestamp()) * 1000)::bigint
    FROM unnest($3::integer[], $4::integer[], $5::bytea[], $6::bytea[], $7::text[])
           AS r (id, ordinal, key, value, headers)
         LEFT JOIN locked l USING (id)`,
};

export const BOUNDS: Statement = {
  name: 'log-bounds',
  text: `SELECT topic, partition, earliest_offset, next_offset FROM log.partitions WHERE topic = ANY($1) ORDER BY topic, partition`,
};

export const OFFSETS_AT: Statement = {
  name: 'log-offsets-at',
  text: `
    SELECT coalesce((
      SELECT "offset" FROM log.records r WHERE r.partition_id = p.id AND r.timestamp_ms >= $2 ORDER BY "offset" LIMIT 1
    ), p.next_offset)
    FROM log.partitions p WHERE p.topic = $1 ORDER BY p.partition`,
};

/** Bounds and records of one snapshot: at least one record, at most $4 bytes. */
export const FETCH: Statement = {
  name: 'log-fetch',
  text: `
    SELECT p.earliest_offset, p.next_offset, r."offset", r.key, r.value, r.headers, r.timestamp_ms, p.sparse
    FROM log.partitions p LEFT JOIN LATERAL (
      SELECT *, sum(coalesce(octet_length(value), 0)) OVER (ORDER BY "offset") - coalesce(octet_length(value), 0) AS before
      FROM (
        SELECT "offset", key, value, headers, timestamp_ms FROM log.records
        WHERE partition_id = p.id AND "offset" >= coalesce($2, p.earliest_offset)
        ORDER BY "offset" LIMIT $3
      ) AS next
    ) AS r ON coalesce(r.before, 0) < $4
    WHERE p.id = $1
    ORDER BY r."offset"`,
};

export const EXPIRED_PARTITIONS: Statement = {
  name: 'log-expired-partitions',
  text: `
    SELECT p.id
    FROM log.partitions p JOIN log.topics t ON t.name = p.topic
         CROSS JOIN LATERAL (
           SELECT timestamp_ms FROM log.records WHERE partition_id = p.id ORDER BY "offset" LIMIT 1
         ) AS oldest
    WHERE t.cleanup = 'delete' AND oldest.timestamp_ms < extract(epoch FROM clock_timestamp()) * 1000 - t.retention_ms`,
};

/** Removes only a prefix: readers rely on offsets without gaps from the earliest one on. */
export const TRIM: Statement = {
  name: 'log-trim',
  text: `
    WITH oldest AS (
      SELECT "offset", timestamp_ms FROM log.records WHERE partition_id = $1 ORDER BY "offset" LIMIT $2
    ), cut AS (
      SELECT coalesce(
        min("offset") FILTER (WHERE timestamp_ms >= extract(epoch FROM clock_timestamp()) * 1000 - t.retention_ms),
        max("offset") + 1
      ) AS "offset"
      FROM oldest, log.partitions p JOIN log.topics t ON t.name = p.topic WHERE p.id = $1
    ), raised AS (
      UPDATE log.partitions p SET earliest_offset = cut."offset" FROM cut
      WHERE p.id = $1 AND cut."offset" > p.earliest_offset
      RETURNING p.earliest_offset
    )
    DELETE FROM log.records r USING raised WHERE r.partition_id = $1 AND r."offset" < raised.earliest_offset`,
};

export const NOTIFY: Statement = { name: 'log-notify', text: `SELECT pg_notify('nestbox_log', $1)` };

export const PING: Statement = { name: 'log-ping', text: `SELECT count(*) FROM log.topics` };
