import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The encryption keys of personal data, in a database that all contexts share. */
export class SubjectKeys1764000000003 implements MigrationInterface {
  readonly name = 'SubjectKeys1764000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE SCHEMA erasure`);
    await db.query(`
      CREATE TABLE erasure.subject_keys (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        subject text NOT NULL UNIQUE,
        secret bytea NOT NULL CHECK (octet_length(secret) = 32),
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP SCHEMA erasure CASCADE`);
  }
}
