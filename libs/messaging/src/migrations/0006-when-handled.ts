import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The time of a claim, for message traces without a tracing backend. NULL for older claims. */
export class WhenHandled1764000000006 implements MigrationInterface {
  readonly name = 'WhenHandled1764000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.inbox ADD COLUMN at timestamptz`);
    // In a second statement: with ADD COLUMN, the default would set all older rows to the time of this migration.
    await db.query(`ALTER TABLE nestbox.inbox ALTER COLUMN at SET DEFAULT now()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.inbox DROP COLUMN at`);
  }
}
