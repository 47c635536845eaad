import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Mails1764000003001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE TABLE recipients (order_id uuid PRIMARY KEY, address text NOT NULL)`);
    await db.query(`
      CREATE TABLE mails (
        order_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('confirmation', 'apology')),
        event_id uuid NOT NULL,
        correlation_id text NOT NULL,
        due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        attempts int NOT NULL DEFAULT 0,
        last_fault text,
        sent_at timestamptz,
        PRIMARY KEY (order_id, kind)
      )`);
    await db.query(`CREATE INDEX mails_due ON mails (due_at) WHERE sent_at IS NULL`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE mails, recipients`);
  }
}
