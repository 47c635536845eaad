import type { MigrationInterface, QueryRunner } from 'typeorm';

// A row per partition: partitions are counted concurrently, and would otherwise wait for each other at the current hour's row.
export class Reports1764000004001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE revenue_by_hour (
        hour timestamptz NOT NULL,
        partition int NOT NULL,
        orders bigint NOT NULL,
        total_cents bigint NOT NULL,
        PRIMARY KEY (hour, partition)
      ) WITH (fillfactor = 50)`);
    await db.query(`
      CREATE TABLE funnel (
        stage text NOT NULL CHECK (stage IN ('placed', 'reserved', 'rejected', 'cancelled')),
        partition int NOT NULL,
        orders bigint NOT NULL,
        PRIMARY KEY (stage, partition)
      ) WITH (fillfactor = 50)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE funnel, revenue_by_hour`);
  }
}
