import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The customer of an address, so that it can be erased. Unknown for addresses older than this column. */
export class Customers1764000003004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE recipients ADD COLUMN user_id text`);
    await db.query(`CREATE INDEX recipients_by_user ON recipients (user_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE recipients DROP COLUMN user_id`);
  }
}
