import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DROP_STAGE, ENTER_BUILDING, ENTER_GENERATION, GRANT_ALIKE, OPEN_STAGE, REFUSE_UNCOPYABLE, SWAP_STAGE } from './0032-stages.sql.js';

/** Generations of projections: the live tables, those being built, and older ones that are kept. */
export class Generations1764000000032 implements MigrationInterface {
  readonly name = 'Generations1764000000032';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE nestbox.handlers ADD COLUMN retired_at timestamptz`);
    await db.query(`
      CREATE TABLE nestbox.generations (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        projection text NOT NULL,
        version int NOT NULL,
        kind text NOT NULL CHECK (kind IN ('first', 'rebuild', 'version', 'replay')),
        status text NOT NULL CHECK (status IN ('building', 'live', 'old', 'done', 'cancelled', 'dropped')),
        tables text[] NOT NULL,
        settings jsonb NOT NULL DEFAULT '{}',
        problem text,
        actor text NOT NULL,
        reason text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
      )`);
    await db.query(`CREATE UNIQUE INDEX generation_live ON nestbox.generations (projection) WHERE status = 'live'`);
    await db.query(`CREATE UNIQUE INDEX generation_building ON nestbox.generations (projection) WHERE status = 'building'`);
    for (const create of [ENTER_GENERATION, ENTER_BUILDING, REFUSE_UNCOPYABLE, GRANT_ALIKE, OPEN_STAGE, SWAP_STAGE, DROP_STAGE]) {
      await db.query(create);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION nestbox.drop_stage, nestbox.swap_stage, nestbox.open_stage, nestbox.grant_alike,
        nestbox.refuse_uncopyable, nestbox.enter_building, nestbox.enter_generation`);
    await db.query(`DROP TABLE nestbox.generations`);
    await db.query(`ALTER TABLE nestbox.handlers DROP COLUMN retired_at`);
  }
}
