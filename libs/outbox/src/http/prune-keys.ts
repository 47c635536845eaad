import type { DataSource } from 'typeorm';

const CHUNK = 10_000;

const PRUNE_KEYS = `DELETE FROM nestbox.idempotency_keys WHERE (scope, key) IN (
    SELECT scope, key FROM nestbox.idempotency_keys WHERE created_at < $1 LIMIT ${CHUNK})`;

/** Forgets idempotency keys from before `before` (ms since the epoch), some thousand at a time. */
export async function pruneKeys(dataSource: DataSource, before: number): Promise<void> {
  await dataSource.query(PRUNE_KEYS, [new Date(before)]);
}
