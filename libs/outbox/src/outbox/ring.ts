/**
 * The outbox is a ring of tables under one parent. Writers move from one to the next with the clock. A table whose rows are
 * all published is emptied with TRUNCATE, which leaves no dead tuples and needs no DDL at run time. The tables are inherited,
 * not partitions, because routing a row costs more than writing it. A row may be in any table: the relay reads them all, so
 * clocks may differ.
 */
export const RING_SLOTS = 8;
const SLOT_MS = 60_000;

export function slotAt(timeMs: number): number {
  return Math.floor(timeMs / SLOT_MS) % RING_SLOTS;
}

/** Number of key buckets. Each relay publishes some of them. */
export const BUCKETS = 64;

/** FNV-1a over UTF-16 units. Any stable hash would do: only the relays of this context use it. */
export function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % BUCKETS;
}

const COLUMNS = '(bucket, topic, key, headers, value)';

const INTO_SLOT = Array.from({ length: RING_SLOTS }, (_, slot) => ({
  one: {
    name: `nestbox-outbox-one-${slot}`,
    text: `INSERT INTO nestbox.outbox_${slot} ${COLUMNS} VALUES ($1, $2, $3, $4, $5)`,
  },
  // unnest keeps the order of the arrays and nextval is called row by row, so ids follow the order of raising.
  many: {
    name: `nestbox-outbox-many-${slot}`,
    text: `INSERT INTO nestbox.outbox_${slot} ${COLUMNS}
      SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[])`,
  },
}));

/** The statements that write into the current table of the ring. */
export function inserts(): (typeof INTO_SLOT)[number] {
  return INTO_SLOT[slotAt(Date.now())]!;
}
