import type { MigrationInterface, QueryRunner } from 'typeorm';

// Fixed: see 0001-eventing.ts.
const RING_SLOTS = 8;

/** Tombstones in the outbox, and the progress of projections that are seeded from states. */
export class States1764000000033 implements MigrationInterface {
  readonly name = 'States1764000000033';

  async up(db: QueryRunner): Promise<void> {
    for (const table of outboxTables()) await db.query(`ALTER TABLE nestbox.${table} ALTER COLUMN value DROP NOT NULL`);
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
    for (const table of outboxTables()) {
      await db.query(`DELETE FROM ONLY nestbox.${table} WHERE value IS NULL`);
      await db.query(`ALTER TABLE nestbox.${table} ALTER COLUMN value SET NOT NULL`);
    }
  }
}

function outboxTables(): string[] {
  return ['outbox', ...Array.from({ length: RING_SLOTS }, (_, slot) => `outbox_${slot}`), 'refused'];
}
