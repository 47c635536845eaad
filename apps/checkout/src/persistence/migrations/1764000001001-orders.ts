import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Orders1764000001001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE orders (
        order_id uuid PRIMARY KEY,
        version int NOT NULL,
        user_id text NOT NULL,
        email text NOT NULL,
        lines jsonb NOT NULL,
        total_cents bigint NOT NULL CHECK (total_cents >= 0),
        status text NOT NULL CHECK (status IN ('placed', 'cancelled')),
        placed_at timestamptz NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE orders`);
  }
}
