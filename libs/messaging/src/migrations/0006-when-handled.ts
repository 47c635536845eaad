import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a claim was made, so that a story can be told without any tracing backend. Of older claims nobody knows. */
export class WhenHandled1764000000006 implements MigrationInterface {
  readonly name = 'WhenHandled1764000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.inbox ADD COLUMN at timestamptz`);
    // Apart from the column: given with it, the default would be the moment of this migration for every older row.
    await db.query(`ALTER TABLE nestbox.inbox ALTER COLUMN at SET DEFAULT now()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.inbox DROP COLUMN at`);
  }
}
