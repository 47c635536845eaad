import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Prices1764000001002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE prices (
        sku text PRIMARY KEY,
        price_cents bigint NOT NULL CHECK (price_cents >= 0),
        listing int NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE prices`);
  }
}
