import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alerts, and the notices to send about them. */
export class Alerts1764000000004 implements MigrationInterface {
  readonly name = 'Alerts1764000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE nestbox.alerts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        rule text NOT NULL,
        subject text NOT NULL,
        summary text NOT NULL,
        raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        cleared_at timestamptz
      )`);
    await db.query(`CREATE UNIQUE INDEX alerts_open ON nestbox.alerts (rule, subject) WHERE cleared_at IS NULL`);
    await db.query(`
      CREATE TABLE nestbox.alert_notices (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        alert bigint NOT NULL REFERENCES nestbox.alerts ON DELETE CASCADE,
        what text NOT NULL CHECK (what IN ('raised', 'cleared')),
        channel text NOT NULL,
        tries int NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        sent_at timestamptz,
        UNIQUE (alert, what, channel)
      )`);
    await db.query(`CREATE INDEX alert_notices_waiting ON nestbox.alert_notices (due_at) WHERE sent_at IS NULL`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE nestbox.alert_notices, nestbox.alerts`);
  }
}
