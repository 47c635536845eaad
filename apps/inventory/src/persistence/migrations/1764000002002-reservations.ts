import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Reservations1764000002002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE reservations (
        order_id uuid PRIMARY KEY,
        version int NOT NULL,
        status text NOT NULL CHECK (status IN ('reserved', 'rejected', 'released', 'forgone')),
        lines jsonb NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE reservations`);
  }
}
