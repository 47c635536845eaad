/**
 * The outbox is a ring of tables under one parent. Writers go from one to the next with the clock, and a table whose
 * rows are all published is emptied with TRUNCATE: rows leave without dead tuples, and without any DDL while the shop
 * runs. They are inherited tables rather than partitions, because routing a row costs more than writing it. Nothing
 * depends on which table a row is in: the relay reads them all, and clocks may disagree.
 */
export const RING_SLOTS = 8;
const SLOT_MS = 60_000;

export function slotAt(timeMs: number): number {
  return Math.floor(timeMs / SLOT_MS) % RING_SLOTS;
}

/** Number of key buckets that relays share between them. */
export const BUCKETS = 64;

/** FNV-1a over UTF-16 units: any stable spread will do, since only relays of this context read it. */
export function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % BUCKETS;
}
