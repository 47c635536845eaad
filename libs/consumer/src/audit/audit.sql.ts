export const WRITE_AUDIT = `INSERT INTO nestbox.audit (actor, action, reason, letters, detail)
  VALUES ($1, $2, $3, $4::bigint[], $5) RETURNING id::text`;
export const READ_AUDIT = `SELECT id::text, at, actor, action, reason, letters::text[], detail FROM nestbox.audit
  WHERE $1::bigint IS NULL OR id < $1::bigint ORDER BY id DESC LIMIT $2`;
