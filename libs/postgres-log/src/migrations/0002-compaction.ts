import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Compacted topics, which keep the last record of each key for ever. */
export class Compaction1764000000002 implements MigrationInterface {
  readonly name = 'Compaction1764000000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `ALTER TABLE log.topics ADD COLUMN cleanup text NOT NULL DEFAULT 'delete' CHECK (cleanup IN ('delete', 'compact'))`,
    );
    await db.query(`
      ALTER TABLE log.partitions
        ADD COLUMN sparse boolean NOT NULL DEFAULT false,
        ADD COLUMN compacted_to bigint NOT NULL DEFAULT 0,
        ADD COLUMN compacted_rows bigint NOT NULL DEFAULT 0,
        ADD COLUMN compacted_at timestamptz NOT NULL DEFAULT '-infinity'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE log.partitions DROP COLUMN sparse, DROP COLUMN compacted_to, DROP COLUMN compacted_rows, DROP COLUMN compacted_at`);
    await db.query(`ALTER TABLE log.topics DROP COLUMN cleanup`);
  }
}
