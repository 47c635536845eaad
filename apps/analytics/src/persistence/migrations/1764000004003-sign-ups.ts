import type { MigrationInterface, QueryRunner } from 'typeorm';

// A row per partition, as for revenue: partitions are counted at the same time.
export class SignUps1764000004003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE sign_ups_by_day (
        day date NOT NULL,
        partition int NOT NULL,
        people bigint NOT NULL,
        PRIMARY KEY (day, partition)
      ) WITH (fillfactor = 50)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE sign_ups_by_day`);
  }
}
