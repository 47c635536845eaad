import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Automatic retries of parked keys, before an operator has to act. */
export class AutomaticRetries1764000000003 implements MigrationInterface {
  readonly name = 'AutomaticRetries1764000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.dead_letters ADD COLUMN tries int NOT NULL DEFAULT 0`);
    await db.query(`ALTER TABLE nestbox.parked_keys ADD COLUMN due_at timestamptz`);
    await db.query(`CREATE INDEX parked_keys_due ON nestbox.parked_keys (due_at) WHERE due_at IS NOT NULL`);
    // The head of a key may now be parked or delayed.
    await db.query(`DROP INDEX nestbox.dead_letters_open`);
    await db.query(`
      CREATE INDEX dead_letters_open ON nestbox.dead_letters (handler, key, position) WHERE status IN ('parked', 'delayed')`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`UPDATE nestbox.dead_letters SET status = 'parked', due_at = NULL WHERE status = 'delayed' AND NOT alone`);
    await db.query(`DROP INDEX nestbox.dead_letters_open`);
    await db.query(`CREATE INDEX dead_letters_open ON nestbox.dead_letters (handler, key, position) WHERE status = 'parked'`);
    await db.query(`ALTER TABLE nestbox.parked_keys DROP COLUMN due_at`);
    await db.query(`ALTER TABLE nestbox.dead_letters DROP COLUMN tries`);
  }
}
