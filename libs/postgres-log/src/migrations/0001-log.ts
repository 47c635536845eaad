import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The embedded log: topics, partitions, records and consumer groups, in schema `log` of its own database. */
export class Log1764000000001 implements MigrationInterface {
  readonly name = 'Log1764000000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE SCHEMA IF NOT EXISTS log`);
    await records(db);
    await groups(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP SCHEMA log CASCADE`);
  }
}

async function records(db: QueryRunner): Promise<void> {
  await db.query(`
    CREATE TABLE log.topics (
      name text PRIMARY KEY,
      partitions integer NOT NULL CHECK (partitions BETWEEN 1 AND 1000),
      retention_ms bigint NOT NULL CHECK (retention_ms > 0),
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
  // Updated by every append: free space on the page avoids new index entries.
  await db.query(`
    CREATE TABLE log.partitions (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      topic text NOT NULL REFERENCES log.topics (name) ON DELETE CASCADE,
      partition integer NOT NULL,
      next_offset bigint NOT NULL DEFAULT 0,
      earliest_offset bigint NOT NULL DEFAULT 0,
      UNIQUE (topic, partition)
    ) WITH (fillfactor = 20)`);
  // No foreign key: it would lock the partition's row again for each record.
  await db.query(`
    CREATE TABLE log.records (
      partition_id integer NOT NULL,
      "offset" bigint NOT NULL,
      key bytea,
      value bytea,
      headers text NOT NULL,
      timestamp_ms bigint NOT NULL,
      PRIMARY KEY (partition_id, "offset")
    )`);
}

async function groups(db: QueryRunner): Promise<void> {
  await db.query(`
    CREATE TABLE log.members (
      group_name text NOT NULL,
      member text NOT NULL,
      topics text[] NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (group_name, member)
    ) WITH (fillfactor = 50)`);
  await db.query(`
    CREATE TABLE log.cursors (
      group_name text NOT NULL,
      partition_id integer NOT NULL REFERENCES log.partitions (id) ON DELETE CASCADE,
      member text,
      epoch bigint NOT NULL DEFAULT 0,
      committed bigint,
      PRIMARY KEY (group_name, partition_id)
    ) WITH (fillfactor = 50)`);
}
