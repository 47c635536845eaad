import type { MigrationInterface, QueryRunner } from 'typeorm';

// Fixed: released with eight tables. Same value as in outbox/ring.ts.
const RING_SLOTS = 8;

/** Outbox, relay leases, inbox, idempotency keys and dead letters of one context, in schema `nestbox`. */
export class Eventing1764000000001 implements MigrationInterface {
  /** The janitor empties the tables of the ring with TRUNCATE. */
  static readonly rights = { nestbox: ['TRUNCATE'] } as const;
  readonly name = 'Eventing1764000000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE SCHEMA IF NOT EXISTS nestbox`);
    await outbox(db);
    await db.query(`
      CREATE TABLE nestbox.relay (
        slice smallint PRIMARY KEY,
        slices smallint NOT NULL,
        holder text,
        epoch bigint NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL DEFAULT '-infinity',
        seen pg_snapshot NOT NULL DEFAULT '3:3:',
        reading pg_snapshot,
        last_id bigint NOT NULL DEFAULT 0
      )`);
    await db.query(`
      CREATE TABLE nestbox.refused (
        id bigint PRIMARY KEY,
        topic text NOT NULL,
        key text NOT NULL,
        headers text NOT NULL,
        value text NOT NULL,
        reason text NOT NULL,
        refused_at timestamptz NOT NULL DEFAULT now()
      )`);
    await inbox(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP SCHEMA nestbox CASCADE`);
  }
}

async function outbox(db: QueryRunner): Promise<void> {
  // CACHE 1: with cached ids, a session could use lower ids than an earlier one, and invert the order of a key.
  await db.query(`CREATE SEQUENCE nestbox.outbox_id CACHE 1`);
  await db.query(`
    CREATE TABLE nestbox.outbox (
      id bigint NOT NULL DEFAULT nextval('nestbox.outbox_id'),
      tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
      bucket smallint NOT NULL,
      topic text NOT NULL,
      key text NOT NULL,
      headers text NOT NULL,
      value text NOT NULL,
      written_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`);
  const slots = Array.from({ length: RING_SLOTS }, (_, slot) => `outbox_${slot}`);
  for (const slot of slots) await db.query(`CREATE TABLE nestbox.${slot} () INHERITS (nestbox.outbox)`);
  for (const table of ['outbox', ...slots]) {
    await db.query(`CREATE INDEX ${table}_by_id ON nestbox.${table} (id)`);
    await db.query(`CREATE INDEX ${table}_by_tx ON nestbox.${table} (tx, id)`);
  }
}

async function inbox(db: QueryRunner): Promise<void> {
  await db.query(`
    CREATE TABLE nestbox.handlers (
      id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL UNIQUE
    )`);
  await db.query(`
    CREATE TABLE nestbox.inbox (
      handler smallint NOT NULL,
      event_id uuid NOT NULL,
      PRIMARY KEY (handler, event_id)
    )`);
  await db.query(`
    CREATE TABLE nestbox.idempotency_keys (
      scope text NOT NULL,
      key text NOT NULL,
      request_hash text NOT NULL,
      status smallint,
      body text,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (scope, key)
    )`);
  await db.query(`CREATE INDEX idempotency_keys_by_age ON nestbox.idempotency_keys (created_at)`);
  await db.query(`
    CREATE TABLE nestbox.undecodable (
      "group" text NOT NULL,
      topic text NOT NULL,
      partition int NOT NULL,
      "offset" bigint NOT NULL,
      key bytea,
      value bytea,
      headers jsonb NOT NULL,
      reason text NOT NULL,
      parked_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY ("group", topic, partition, "offset")
    )`);
}
