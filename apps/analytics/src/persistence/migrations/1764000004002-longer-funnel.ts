import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LongerFunnel1764000004002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE funnel DROP CONSTRAINT funnel_stage_check`);
    await db.query(`
      ALTER TABLE funnel ADD CONSTRAINT funnel_stage_check
      CHECK (stage IN ('placed', 'reserved', 'rejected', 'paid', 'shipped', 'cancelled'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DELETE FROM funnel WHERE stage IN ('paid', 'shipped')`);
    await db.query(`ALTER TABLE funnel DROP CONSTRAINT funnel_stage_check`);
    await db.query(`
      ALTER TABLE funnel ADD CONSTRAINT funnel_stage_check
      CHECK (stage IN ('placed', 'reserved', 'rejected', 'cancelled'))`);
  }
}
