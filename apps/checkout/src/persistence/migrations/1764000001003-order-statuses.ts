import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OrderStatuses1764000001003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE orders DROP CONSTRAINT orders_status_check`);
    await db.query(`
      ALTER TABLE orders ADD CONSTRAINT orders_status_check
      CHECK (status IN ('placed', 'reserved', 'paid', 'cancelling', 'shipped', 'cancelled'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`UPDATE orders SET status = 'placed' WHERE status <> 'cancelled'`);
    await db.query(`ALTER TABLE orders DROP CONSTRAINT orders_status_check`);
    await db.query(`ALTER TABLE orders ADD CONSTRAINT orders_status_check CHECK (status IN ('placed', 'cancelled'))`);
  }
}
