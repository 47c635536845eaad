import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What has reached a handler, in the order in which it did; `process` tells the instances of the recorder apart. */
export class Arrivals1764000099001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE arrivals (
        n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        key text NOT NULL,
        version int NOT NULL,
        process int NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE arrivals');
  }
}

export const migrations: readonly MigrationClass[] = [...eventingMigrations, Arrivals1764000099001];
