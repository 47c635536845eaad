import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The span in which a saga began: the effects of its timeouts and operators join that trace. */
export class SagaTraces1764000000102 implements MigrationInterface {
  readonly name = 'SagaTraces1764000000102';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.sagas ADD COLUMN traceparent text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.sagas DROP COLUMN traceparent`);
  }
}
