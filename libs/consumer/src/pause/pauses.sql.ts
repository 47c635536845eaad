export const PAUSES = `SELECT kind, name, since, actor, reason FROM nestbox.pauses ORDER BY since`;

export const PAUSE = `INSERT INTO nestbox.pauses (kind, name, actor, reason) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING RETURNING kind`;

export const RESUME = `DELETE FROM nestbox.pauses WHERE kind = $1 AND name = $2 RETURNING kind`;
