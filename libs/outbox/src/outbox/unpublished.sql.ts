/**
 * FROM clause with these columns of every event that no relay has published yet. Before the first relay runs there is no
 * cursor: '3:3:' is the snapshot in which nothing is visible, so every event counts.
 */
export const unpublishedRows = (columns: string) => `FROM (
    SELECT slice, slices, seen, reading, last_id FROM nestbox.relay
    UNION ALL SELECT 0, 1, '3:3:', NULL, 0 WHERE NOT EXISTS (SELECT FROM nestbox.relay)
  ) r CROSS JOIN LATERAL (
    SELECT ${columns} FROM nestbox.outbox o
    WHERE o.bucket % r.slices = r.slice
      AND o.tx >= pg_snapshot_xmin(r.seen) AND NOT pg_visible_in_snapshot(o.tx, r.seen)
      AND (r.reading IS NULL OR o.id > r.last_id OR NOT pg_visible_in_snapshot(o.tx, r.reading))
  ) o`;

export const unpublished = unpublishedRows('written_at');
