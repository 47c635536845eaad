import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators have paused. The audit now also records pauses, so it is renamed. */
export class Pauses1764000000005 implements MigrationInterface {
  readonly name = 'Pauses1764000000005';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE nestbox.pauses (
        kind text NOT NULL CHECK (kind IN ('outbox', 'group', 'handler')),
        name text NOT NULL,
        since timestamptz NOT NULL DEFAULT now(),
        actor text NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (kind, name)
      )`);
    await db.query(`ALTER TABLE nestbox.dead_letter_audit RENAME TO audit`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.audit RENAME TO dead_letter_audit`);
    await db.query(`DROP TABLE nestbox.pauses`);
  }
}
