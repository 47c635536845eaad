import type { DataSource } from 'typeorm';

/** One event that one handler is expected to apply. */
export interface Expected {
  readonly handler: string;
  readonly eventId: string;
}

export type Membership = 'applied' | 'parked' | 'missing';

/** The status is that of the event's newest dead letter; a redriven one counts as applied. */
const LOOK = `
  SELECT i.event_id IS NOT NULL AS claimed, dead_letter.status
  FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS expected (handler, event_id, n)
    LEFT JOIN nestbox.handlers h ON h.name = expected.handler
    LEFT JOIN nestbox.inbox i ON i.handler = h.id AND i.event_id = expected.event_id
    LEFT JOIN LATERAL (
      SELECT CASE WHEN d.status = 'parked' AND k.due_at IS NOT NULL THEN 'delayed' ELSE d.status END AS status
      FROM nestbox.dead_letters d LEFT JOIN nestbox.parked_keys k ON k.handler = h.id AND k.key = d.key
      WHERE d.event_id = expected.event_id AND d.handler = expected.handler ORDER BY d.id DESC LIMIT 1
    ) dead_letter ON true
  ORDER BY n`;

/**
 * The state of each event, in the given order. A claim alone does not prove that an event was applied: parking claims
 * too. An event that is retried automatically counts as missing; one that waits for a person counts as parked.
 */
export async function lookUp(dataSource: DataSource, expected: readonly Expected[]): Promise<Membership[]> {
  const columns = [expected.map(({ handler }) => handler), expected.map(({ eventId }) => eventId)];
  const rows: { claimed: boolean; status: string | null }[] = await dataSource.query(LOOK, columns);
  return rows.map(({ claimed, status }) => {
    if (status === 'parked' || status === 'discarded') return 'parked';
    if (status === 'delayed' || !claimed) return 'missing';
    return 'applied';
  });
}
