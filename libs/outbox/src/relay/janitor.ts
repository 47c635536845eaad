import type { DataSource } from 'typeorm';
import { RING_SLOTS, slotAt } from '../outbox/ring.js';
import type { RelayConnection } from './relay-connection.js';

/** Rows of transactions below this one have been published by every slice. */
const PUBLISHED_BELOW = `SELECT min(pg_snapshot_xmin(seen)::text::numeric)::text AS tx FROM nestbox.relay`;

/**
 * Truncates every table of the ring (but the one being filled) whose rows are all published. The check runs under the table's
 * exclusive lock, so nobody can add a row between the look and the cut; a table that is busy is left for the next sweep.
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
