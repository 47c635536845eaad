import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where in its trace a saga began: what its timeouts and operators lead to belongs there. */
export class SagaTraces1764000000102 implements MigrationInterface {
  readonly name = 'SagaTraces1764000000102';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.sagas ADD COLUMN traceparent text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.sagas DROP COLUMN traceparent`);
  }
}
