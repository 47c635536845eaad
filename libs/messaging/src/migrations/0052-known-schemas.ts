import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schemas of records that were read, so that a process can start while the registry is down. */
export class KnownSchemas1764000000052 implements MigrationInterface {
  readonly name = 'KnownSchemas1764000000052';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE nestbox.known_schemas (
        registry text,
        schema_id int,
        schema jsonb NOT NULL,
        PRIMARY KEY (registry, schema_id)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE nestbox.known_schemas`);
  }
}
