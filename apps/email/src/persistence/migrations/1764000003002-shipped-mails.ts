import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ShippedMails1764000003002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE mails DROP CONSTRAINT mails_kind_check`);
    await db.query(`ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('confirmation', 'apology', 'shipped'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DELETE FROM mails WHERE kind = 'shipped'`);
    await db.query(`ALTER TABLE mails DROP CONSTRAINT mails_kind_check`);
    await db.query(`ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('confirmation', 'apology'))`);
  }
}
