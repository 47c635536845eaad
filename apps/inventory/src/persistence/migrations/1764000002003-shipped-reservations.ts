import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ShippedReservations1764000002003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE reservations DROP CONSTRAINT reservations_status_check`);
    await db.query(`
      ALTER TABLE reservations ADD CONSTRAINT reservations_status_check
      CHECK (status IN ('reserved', 'rejected', 'released', 'forgone', 'shipped'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`UPDATE reservations SET status = 'reserved' WHERE status = 'shipped'`);
    await db.query(`ALTER TABLE reservations DROP CONSTRAINT reservations_status_check`);
    await db.query(`
      ALTER TABLE reservations ADD CONSTRAINT reservations_status_check
      CHECK (status IN ('reserved', 'rejected', 'released', 'forgone'))`);
  }
}
