import type { DataSource } from 'typeorm';

const CHUNK = 10_000;

// Ids of version 7 begin with their time, so old claims are a range of the primary key. Ids of other versions, which only
// foreign producers make, say nothing of their age and are kept.
const PRUNE_CLAIMS = `DELETE FROM nestbox.inbox i USING (
    SELECT o.handler, o.event_id FROM nestbox.handlers h CROSS JOIN LATERAL (
      SELECT handler, event_id FROM nestbox.inbox
      WHERE handler = h.id AND event_id < $1::uuid AND substr(event_id::text, 15, 1) = '7' LIMIT ${CHUNK}) o
  ) old WHERE i.handler = old.handler AND i.event_id = old.event_id`;

/** The least id that version 7 gives out from this moment on. */
export function firstIdAt(timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/**
 * Forgets claims from before `before` (ms since the epoch), some thousand at a time. An event that
 * comes again after its claim was forgotten has its effect again: keep claims longer than any topic keeps events.
 */
export async function prune(dataSource: DataSource, before: number): Promise<void> {
  await dataSource.query(PRUNE_CLAIMS, [firstIdAt(before)]);
}
