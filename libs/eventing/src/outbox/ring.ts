/**
 * The outbox is a ring of partitions: ids walk from slot to slot by themselves, and a slot whose rows are all published
 * is emptied with TRUNCATE. So rows leave without dead tuples, and without any DDL while the shop runs.
 */
export const RING_SLOTS = 8;
/** Ids per slot. At 1 KB a row some 300 MB; eight slots hold two million waiting events before slots are reused. */
export const RING_SLOT_SIZE = 262_144;

/** Number of key buckets that relays share between them. */
export const BUCKETS = 64;

/** FNV-1a over UTF-16 units: any stable spread will do, since only relays of this context read it. */
export function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % BUCKETS;
}
