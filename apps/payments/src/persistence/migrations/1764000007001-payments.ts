import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Payments1764000007001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE payments (
        order_id uuid PRIMARY KEY,
        version int NOT NULL,
        amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
        card_token text,
        status text NOT NULL CHECK (status IN ('requested', 'captured', 'declined', 'refunding', 'refunded', 'voided')),
        refund_wanted boolean NOT NULL,
        attempts int NOT NULL,
        due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        last_fault text,
        story jsonb
      )`);
    await db.query(`CREATE INDEX payments_due ON payments (due_at) WHERE status IN ('requested', 'refunding')`);
    await db.query(`
      CREATE TABLE ledger (
        n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        order_id uuid NOT NULL REFERENCES payments,
        kind text NOT NULL CHECK (kind IN ('capture', 'refund')),
        debit text NOT NULL,
        credit text NOT NULL CHECK (credit <> debit),
        amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
        at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (order_id, kind)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE ledger, payments`);
  }
}
