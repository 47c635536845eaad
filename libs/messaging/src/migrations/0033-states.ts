import type { MigrationInterface, QueryRunner } from 'typeorm';

// As released (0001-eventing.ts).
const RING_SLOTS = 8;

/** States on their way out, tombstones among them, and how far projections have come by reading states. */
export class States1764000000033 implements MigrationInterface {
  readonly name = 'States1764000000033';

  async up(db: QueryRunner): Promise<void> {
    for (const table of carriers()) await db.query(`ALTER TABLE nestbox.${table} ALTER COLUMN value DROP NOT NULL`);
    await db.query(`
      CREATE TABLE nestbox.held_versions (
        handler smallint NOT NULL,
        key text NOT NULL,
        version int NOT NULL,
        PRIMARY KEY (handler, key)
      ) WITH (fillfactor = 80)`);
    await db.query(`
      CREATE TABLE nestbox.bootstraps (
        handler smallint PRIMARY KEY,
        starts jsonb NOT NULL,
        begun_at timestamptz NOT NULL DEFAULT now(),
        done_at timestamptz
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE nestbox.bootstraps, nestbox.held_versions`);
    for (const table of carriers()) {
      await db.query(`DELETE FROM ONLY nestbox.${table} WHERE value IS NULL`);
      await db.query(`ALTER TABLE nestbox.${table} ALTER COLUMN value SET NOT NULL`);
    }
  }
}

function carriers(): string[] {
  return ['outbox', ...Array.from({ length: RING_SLOTS }, (_, slot) => `outbox_${slot}`), 'refused'];
}
