import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The books of the simulated provider; they survive when the app is killed. */
export class Sandbox1764000007002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE TABLE sandbox_behaviour (one boolean PRIMARY KEY DEFAULT true CHECK (one), behaviour jsonb NOT NULL)`);
    await db.query(`
      CREATE TABLE sandbox_charges (
        key text PRIMARY KEY,
        card_token text NOT NULL,
        amount_cents bigint NOT NULL,
        declined text
      )`);
    await db.query(`CREATE TABLE sandbox_refunds (key text PRIMARY KEY, charge_key text NOT NULL UNIQUE, amount_cents bigint NOT NULL)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE sandbox_refunds, sandbox_charges, sandbox_behaviour`);
  }
}
