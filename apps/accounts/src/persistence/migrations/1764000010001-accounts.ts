import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1764000010001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE accounts (
        user_id uuid PRIMARY KEY,
        version int NOT NULL,
        email text NOT NULL UNIQUE,
        password_hash text NOT NULL,
        code_digest text,
        signed_up_at timestamptz NOT NULL
      )`);
    await db.query(`
      CREATE TABLE sessions (
        digest bytea PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES accounts,
        expires_at timestamptz NOT NULL
      )`);
    await db.query(`CREATE INDEX sessions_by_user ON sessions (user_id)`);
    await db.query(`
      CREATE TABLE signing_keys (
        kid uuid PRIMARY KEY,
        private_key jsonb NOT NULL,
        public_key jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE signing_keys, sessions, accounts`);
  }
}
