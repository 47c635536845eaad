import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Shipments1764000006001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE shipments (
        order_id uuid PRIMARY KEY,
        version int NOT NULL,
        region text,
        status text NOT NULL CHECK (status IN ('shipped', 'refused', 'cancelled'))
      )`);
    await db.query(`CREATE TABLE refused_regions (region text PRIMARY KEY)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE refused_regions, shipments`);
  }
}
