import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WelcomeMails1764000003005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE mails ADD COLUMN detail text`);
    await db.query(`ALTER TABLE mails DROP CONSTRAINT mails_kind_check`);
    await db.query(`ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('confirmation', 'apology', 'shipped', 'welcome'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DELETE FROM mails WHERE kind = 'welcome'`);
    await db.query(`ALTER TABLE mails DROP CONSTRAINT mails_kind_check`);
    await db.query(`ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('confirmation', 'apology', 'shipped'))`);
    await db.query(`ALTER TABLE mails DROP COLUMN detail`);
  }
}
