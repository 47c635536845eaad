import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ImportedIds1764000009002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Setting a sequence takes a right that no app has. Ids only ever move up.
    await db.query(`
      CREATE FUNCTION keep_ids_above_imported() RETURNS void
      LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT setval(pg_get_serial_sequence('public.schemas', 'id'), greatest((SELECT max(id) FROM schemas), (SELECT last_value FROM schemas_id_seq)))
      $$`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP FUNCTION keep_ids_above_imported()`);
  }
}
