const SCHEMA = 's.id, s.format, s.text, s.refs AS "references"';
const VERSION = `v.subject, v.version, v.deleted, ${SCHEMA}`;
const VERSIONS = `SELECT ${VERSION} FROM versions v JOIN schemas s ON s.id = v.schema_id`;

export const LOCK_SUBJECT = 'INSERT INTO subjects VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name';
export const BY_ID = `SELECT ${SCHEMA} FROM schemas s WHERE s.id = $1`;
export const OF_SUBJECT = `${VERSIONS} WHERE v.subject = $1 ORDER BY v.version`;
export const OF_SCHEMA = `${VERSIONS} WHERE v.schema_id = $1 AND (NOT v.deleted OR $2) ORDER BY v.subject, v.version`;
export const ALL = `${VERSIONS} WHERE starts_with(v.subject, $1) AND (NOT v.deleted OR $2) ORDER BY v.subject, v.version`;
export const SUBJECTS = `SELECT DISTINCT subject FROM versions
  WHERE starts_with(subject, $1) AND (NOT deleted OR $2) ORDER BY subject`;

// An existing row is updated without a change, so that RETURNING gives its id.
export const KEEP_SCHEMA = `INSERT INTO schemas (format, text, refs, fingerprint) VALUES ($1, $2, $3, $4)
  ON CONFLICT (fingerprint) DO UPDATE SET format = excluded.format RETURNING id`;
export const IMPORT_SCHEMA = `INSERT INTO schemas (id, format, text, refs, fingerprint) VALUES ($5, $1, $2, $3, $4)
  ON CONFLICT (fingerprint) DO UPDATE SET format = excluded.format RETURNING id`;
export const AFTER_IMPORT = 'SELECT keep_ids_above_imported()';
export const MAX_ID = 'SELECT coalesce(max(id), 0) AS id FROM schemas';
export const ADD_VERSION = `INSERT INTO versions (subject, version, schema_id) VALUES ($1, $2, $3)
  ON CONFLICT (subject, version) DO UPDATE SET deleted = false WHERE versions.schema_id = excluded.schema_id RETURNING version`;
export const SOFT_DELETE = 'UPDATE versions SET deleted = true WHERE subject = $1 AND version = ANY ($2::int[])';
export const HARD_DELETE = 'DELETE FROM versions WHERE subject = $1 AND version = ANY ($2::int[])';
export const REFERENCING = `SELECT DISTINCT v.schema_id AS id FROM versions v JOIN schemas s ON s.id = v.schema_id
  WHERE NOT v.deleted AND s.refs @> jsonb_build_array(jsonb_build_object('subject', $1::text, 'version', $2::int)) ORDER BY id`;

export const SETTINGS = `SELECT subject, level, mode FROM settings WHERE subject IN ('', $1)`;
export const SET_LEVEL = `INSERT INTO settings (subject, level) VALUES ($1, $2)
  ON CONFLICT (subject) DO UPDATE SET level = excluded.level`;
export const SET_MODE = `INSERT INTO settings (subject, mode) VALUES ($1, $2)
  ON CONFLICT (subject) DO UPDATE SET mode = excluded.mode`;
