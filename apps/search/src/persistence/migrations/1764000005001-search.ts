import type { MigrationInterface, QueryRunner } from 'typeorm';

// The words are already split (read-models/words.ts): PostgreSQL's own parser would find numbers, hosts and files in a sku.
const DOCUMENT = `tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED`;

export class Search1764000005001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await db.query(`
      CREATE TABLE products (
        sku text PRIMARY KEY,
        name text NOT NULL,
        price_cents bigint NOT NULL,
        listing int NOT NULL,
        words text NOT NULL,
        document ${DOCUMENT}
      )`);
    await db.query(`
      CREATE TABLE orders (
        order_id uuid PRIMARY KEY,
        user_id text NOT NULL,
        total_cents bigint NOT NULL,
        status text NOT NULL CHECK (status IN ('placed', 'cancelled')),
        words text NOT NULL,
        document ${DOCUMENT}
      )`);
    for (const table of ['products', 'orders']) {
      await db.query(`CREATE INDEX ${table}_document ON ${table} USING gin (document)`);
      await db.query(`CREATE INDEX ${table}_trigrams ON ${table} USING gin (words gin_trgm_ops)`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE orders, products`);
  }
}
