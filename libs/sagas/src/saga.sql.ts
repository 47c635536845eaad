export const LOCK = {
  name: 'nestbox-saga-lock',
  text: `SELECT status, state, version, correlation_id AS "correlationId", trace_id AS "traceId", traceparent
    FROM nestbox.sagas WHERE saga = $1 AND id = $2 FOR UPDATE`,
};

// Before the saga exists there is no row to lock. This keeps its first event and an early one from missing each other.
export const LOCK_NAME = {
  name: 'nestbox-saga-lock-name',
  text: `SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))`,
};

export const INSERT = {
  name: 'nestbox-saga-insert',
  text: `INSERT INTO nestbox.sagas (saga, id, status, state, version, note, correlation_id, trace_id, ended_at,
      traceparent)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $9 THEN clock_timestamp() END, $10)`,
};

export const UPDATE = {
  name: 'nestbox-saga-update',
  text: `UPDATE nestbox.sagas SET status = $3, state = $4, version = $5, note = $6, changed_at = clock_timestamp(),
    ended_at = CASE WHEN $7 THEN clock_timestamp() END WHERE saga = $1 AND id = $2`,
};

export const INSERT_HISTORY = {
  name: 'nestbox-saga-turn',
  text: `INSERT INTO nestbox.saga_turns (saga, id, version, cause, event_id, answer, status, commands, timeouts, note)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};

export const SET_TIMEOUT = {
  name: 'nestbox-saga-set-timeout',
  text: `INSERT INTO nestbox.saga_timeouts (saga, id, name, due_at)
    VALUES ($1, $2, $3, clock_timestamp() + $4::float8 * interval '1 ms')
    ON CONFLICT (saga, id, name) DO UPDATE SET due_at = excluded.due_at, leased_until = '-infinity'`,
};

export const DROP_TIMEOUT = {
  name: 'nestbox-saga-drop-timeout',
  text: 'DELETE FROM nestbox.saga_timeouts WHERE saga = $1 AND id = $2 AND name = $3',
};

export const DROP_TIMEOUTS = {
  name: 'nestbox-saga-drop-timeouts',
  text: 'DELETE FROM nestbox.saga_timeouts WHERE saga = $1 AND id = $2',
};

/** Takes only a timeout that is due: one that was set again after the lease is not. */
export const TAKE_TIMEOUT = {
  name: 'nestbox-saga-take-timeout',
  text: `DELETE FROM nestbox.saga_timeouts WHERE saga = $1 AND id = $2 AND name = $3 AND due_at <= clock_timestamp()
    RETURNING due_at`,
};

export const CLAIM_DUE = {
  name: 'nestbox-saga-claim-due',
  text: `UPDATE nestbox.saga_timeouts t SET leased_until = clock_timestamp() + $2::float8 * interval '1 ms'
    FROM (
      SELECT saga, id, name FROM nestbox.saga_timeouts
      WHERE due_at <= clock_timestamp() AND leased_until <= clock_timestamp() AND saga = ANY ($1)
      ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ) due WHERE t.saga = due.saga AND t.id = due.id AND t.name = due.name
    RETURNING t.saga, t.id, t.name`,
};

export const NEXT_DUE = {
  name: 'nestbox-saga-next-due',
  text: `SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8 AS "inMs"
    FROM nestbox.saga_timeouts WHERE saga = ANY ($1) AND leased_until <= clock_timestamp()`,
};

export const KEEP_EARLY = {
  name: 'nestbox-saga-keep-early',
  text: 'INSERT INTO nestbox.saga_early (saga, id, event_id, type, data) VALUES ($1, $2, $3, $4, $5)',
};

export const TAKE_EARLY = {
  name: 'nestbox-saga-take-early',
  text: `WITH taken AS (DELETE FROM nestbox.saga_early WHERE saga = $1 AND id = $2 RETURNING n, event_id, type, data)
    SELECT event_id AS "eventId", type, data FROM taken ORDER BY n`,
};

export const FORGET_EARLY = `DELETE FROM nestbox.saga_early WHERE saga = ANY ($1) AND came_at < $2`;
