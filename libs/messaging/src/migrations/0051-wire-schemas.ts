import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The schemas that encode outbox rows, with their ids in the registry once these are known. */
export class WireSchemas1764000000051 implements MigrationInterface {
  readonly name = 'WireSchemas1764000000051';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE nestbox.wire_schemas (
        fingerprint text PRIMARY KEY,
        subject text NOT NULL,
        format text NOT NULL,
        text text NOT NULL,
        registry text,
        schema_id int
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE nestbox.wire_schemas`);
  }
}
