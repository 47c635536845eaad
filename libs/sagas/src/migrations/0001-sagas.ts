import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of sagas, in schema `nestbox` of a context that has sagas. */
export class Sagas1764000000101 implements MigrationInterface {
  readonly name = 'Sagas1764000000101';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE nestbox.sagas (
        saga text NOT NULL,
        id text NOT NULL,
        status text NOT NULL CHECK (status IN ('running', 'completed', 'compensating', 'compensated', 'stuck', 'cancelled')),
        state jsonb NOT NULL,
        version int NOT NULL,
        note text,
        correlation_id text NOT NULL,
        trace_id text NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz,
        PRIMARY KEY (saga, id)
      ) WITH (fillfactor = 50)`);
    await db.query(`CREATE INDEX sagas_by_status ON nestbox.sagas (saga, status, id)`);
    await turns(db);
    await waiting(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE nestbox.saga_early, nestbox.saga_timeouts, nestbox.saga_turns, nestbox.sagas`);
  }
}

async function turns(db: QueryRunner): Promise<void> {
  await db.query(`
    CREATE TABLE nestbox.saga_turns (
      n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      saga text NOT NULL,
      id text NOT NULL,
      version int NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      cause text NOT NULL,
      event_id uuid,
      answer text NOT NULL CHECK (answer IN ('taken', 'ignored', 'late')),
      status text NOT NULL,
      commands text[] NOT NULL,
      timeouts jsonb NOT NULL,
      note text
    )`);
  await db.query(`CREATE INDEX saga_turns_of ON nestbox.saga_turns (saga, id, n)`);
}

async function waiting(db: QueryRunner): Promise<void> {
  await db.query(`
    CREATE TABLE nestbox.saga_timeouts (
      saga text NOT NULL,
      id text NOT NULL,
      name text NOT NULL,
      due_at timestamptz NOT NULL,
      leased_until timestamptz NOT NULL DEFAULT '-infinity',
      PRIMARY KEY (saga, id, name)
    ) WITH (fillfactor = 70)`);
  await db.query(`CREATE INDEX saga_timeouts_due ON nestbox.saga_timeouts (due_at)`);
  await db.query(`
    CREATE TABLE nestbox.saga_early (
      n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      saga text NOT NULL,
      id text NOT NULL,
      event_id uuid NOT NULL,
      type text NOT NULL,
      data jsonb NOT NULL,
      came_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`);
  await db.query(`CREATE INDEX saga_early_of ON nestbox.saga_early (saga, id, n)`);
}
