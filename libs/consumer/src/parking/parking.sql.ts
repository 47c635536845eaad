/** Those among $2 that are parked. */
// KEY SHARE keeps a redrive from letting the key go until the event stands in its queue, and nothing else.
export const HOLD_KEYS = {
  name: 'nestbox-hold-parked-keys',
  text: `SELECT key FROM nestbox.parked_keys WHERE handler = $1::smallint AND key = ANY($2::text[]) ORDER BY key FOR KEY SHARE`,
};

// The update takes the row's lock where the key is parked already. $3: ms until its head is handed over by itself.
export const PARK_KEY = {
  name: 'nestbox-park-key',
  text: `INSERT INTO nestbox.parked_keys (handler, key, due_at) VALUES ($1::smallint, $2, now() + $3 * interval '1 ms')
    ON CONFLICT (handler, key) DO UPDATE SET due_at = least(parked_keys.due_at, excluded.due_at)`,
};

// The same record may come again (its offset was never committed) and be readable by now: the letter learns of the claim.
export const INSERT_LETTER = {
  name: 'nestbox-insert-dead-letter',
  text: `INSERT INTO nestbox.dead_letters (handler, key, alone, claimed, status, reason, event_id, event_type, event_version,
      aggregate_version, topic, partition, "offset", record_key, record_value, headers, cause, error_class, error_code,
      error_message, attempts, correlation_id, trace_id, due_at, tries)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
      now() + $24 * interval '1 ms', $25)
    ON CONFLICT (handler, topic, partition, "offset") WHERE edited_from IS NULL
    DO UPDATE SET claimed = dead_letters.claimed OR excluded.claimed
    RETURNING id, xmax = 0 AS inserted`,
};
