export const KEEP_WIRE_SCHEMA = {
  name: 'nestbox-keep-wire-schema',
  text: `INSERT INTO nestbox.wire_schemas (fingerprint, subject, format, text) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING`,
};
export const KNOWN_SCHEMA = 'SELECT schema FROM nestbox.known_schemas WHERE registry = $1 AND schema_id = $2';
export const KEEP_KNOWN_SCHEMA = `INSERT INTO nestbox.known_schemas (registry, schema_id, schema) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING`;
export const NOTE_SCHEMA_ID = 'UPDATE nestbox.wire_schemas SET schema_id = $2, registry = $3 WHERE fingerprint = $1';
export const WIRE_SCHEMA_AT = `SELECT subject, format, text, CASE WHEN registry = $2 THEN schema_id END AS schema_id
  FROM nestbox.wire_schemas WHERE fingerprint = $1`;
