import type { DataSource } from 'typeorm';
import { RING_SLOTS, slotAt } from '../outbox/ring.js';
import type { RelayConnection } from './relay-connection.js';

/** Every slice has published the rows of transactions below this one. */
const PUBLISHED_BELOW = `SELECT min(pg_snapshot_xmin(seen)::text::numeric)::text AS tx FROM nestbox.relay`;

/**
 * Truncates every table of the ring whose rows are all published, except the one that is being filled. The check holds the
 * table's exclusive lock, so no row can be added before the TRUNCATE. A busy table is left for the next sweep.
 */
export async function emptySlots(dataSource: DataSource, connection: RelayConnection, now = Date.now()): Promise<number> {
  const { rows } = await connection.query(PUBLISHED_BELOW);
  const publishedBelow: string | null = rows[0]?.tx ?? null;
  if (publishedBelow === null) return 0;
  const filling = slotAt(now);
  let emptied = 0;
  for (let slot = 0; slot < RING_SLOTS; slot++) {
    if (slot !== filling && (await emptySlot(dataSource, slot, publishedBelow))) emptied += 1;
  }
  return emptied;
}

async function emptySlot(dataSource: DataSource, slot: number, publishedBelow: string): Promise<boolean> {
  const table = `nestbox.outbox_${slot}`;
  const [filled] = await dataSource.query(`SELECT 1 FROM ${table} LIMIT 1`);
  if (!filled) return false;
  return dataSource
    .transaction(async (manager) => {
      await manager.query(`SET LOCAL lock_timeout = '50ms'`);
      await manager.query(`LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`);
      const [waiting] = await manager.query(`SELECT 1 FROM ${table} WHERE tx >= $1::xid8 LIMIT 1`, [publishedBelow]);
      if (!waiting) await manager.query(`TRUNCATE ${table}`);
      return !waiting;
    })
    .catch((error: { code?: string }) => {
      if (error.code === '55P03') return false;
      throw error;
    });
}

const PRUNE_KEYS = `DELETE FROM nestbox.idempotency_keys WHERE (scope, key) IN (
    SELECT scope, key FROM nestbox.idempotency_keys WHERE created_at < $1 LIMIT 10000)`;

/** Deletes up to 10 000 idempotency keys from before `before` (ms since the epoch). */
export async function pruneKeys(dataSource: DataSource, before: number): Promise<void> {
  await dataSource.query(PRUNE_KEYS, [new Date(before)]);
}
