import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Products1764000002001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE products (
        sku text PRIMARY KEY,
        version int NOT NULL,
        name text NOT NULL,
        price_cents bigint NOT NULL CHECK (price_cents >= 0)
      )`);
    // Half-empty pages have room for updates of hot rows, which then need no new index entries.
    await db.query(`
      CREATE TABLE stock (
        sku text PRIMARY KEY,
        on_hand int NOT NULL,
        reserved int NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        shipped int NOT NULL DEFAULT 0 CHECK (shipped >= 0),
        CHECK (on_hand >= reserved)
      ) WITH (fillfactor = 50)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE stock, products`);
  }
}
