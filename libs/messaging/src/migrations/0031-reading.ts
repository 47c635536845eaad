import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For waiting for a projection: dead letters by event id, and the position of a repeated request. */
export class Reading1764000000031 implements MigrationInterface {
  readonly name = 'Reading1764000000031';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE INDEX dead_letters_by_event ON nestbox.dead_letters (event_id) WHERE event_id IS NOT NULL`);
    await db.query(`ALTER TABLE nestbox.idempotency_keys ADD COLUMN position text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.idempotency_keys DROP COLUMN position`);
    await db.query(`DROP INDEX nestbox.dead_letters_by_event`);
  }
}
