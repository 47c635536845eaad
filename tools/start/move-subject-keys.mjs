/**
 * Shops of before kept the keys of personal data in the log's database. Left there, everybody would read as forgotten. They
 * are deleted where they were, or the next start would bring back the keys of people who have been forgotten since.
 * @param {{ from: string, to: string }} urls of both databases, as their owners
 */
export async function moveSubjectKeys({ from, to }) {
  const { default: pg } = await import('pg');
  const [old, own] = [new pg.Client({ connectionString: from }), new pg.Client({ connectionString: to })];
  try {
    await Promise.all([old.connect(), own.connect()]);
    const { rows: [{ there }] } = await old.query(`SELECT to_regclass('erasure.subject_keys') IS NOT NULL AS there`);
    if (!there) return;
    const { rows } = await old.query('SELECT to_jsonb(k) AS key FROM erasure.subject_keys k');
    await own.query(
      `INSERT INTO erasure.subject_keys SELECT * FROM jsonb_populate_recordset(NULL::erasure.subject_keys, $1) ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows.map(({ key }) => key))],
    );
    await old.query('DROP SCHEMA erasure CASCADE');
  } finally {
    await Promise.all([old.end(), own.end()]);
  }
}
