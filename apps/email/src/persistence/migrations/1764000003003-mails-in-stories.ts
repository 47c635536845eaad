import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MailsInStories1764000003003 implements MigrationInterface {
  readonly name = 'MailsInStories1764000003003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE mails ADD COLUMN story jsonb`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE mails DROP COLUMN story`);
  }
}
