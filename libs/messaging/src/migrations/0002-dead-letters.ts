import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parked keys, dead letters and the audit of operators' actions. Moves the rows of `nestbox.undecodable`. */
export class DeadLetters1764000000002 implements MigrationInterface {
  readonly name = 'DeadLetters1764000000002';

  async up(db: QueryRunner): Promise<void> {
    await parkedKeys(db);
    await audit(db);
    await deadLetters(db);
    await indexes(db);
    await db.query(`
      INSERT INTO nestbox.dead_letters (handler, key, alone, topic, partition, "offset", record_key, record_value, headers,
        reason, error_class, error_message, parked_at)
      SELECT "group", '', true, topic, partition, "offset", key, value, headers, 'undecodable', 'EventingError',
        left(reason, 500), parked_at
      FROM nestbox.undecodable ORDER BY parked_at`);
    await db.query(`DROP TABLE nestbox.undecodable`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE nestbox.undecodable (
        "group" text NOT NULL, topic text NOT NULL, partition int NOT NULL, "offset" bigint NOT NULL, key bytea, value bytea,
        headers jsonb NOT NULL, reason text NOT NULL, parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY ("group", topic, partition, "offset")
      )`);
    await db.query(`DROP TABLE nestbox.dead_letters, nestbox.dead_letter_audit, nestbox.parked_keys`);
    await db.query(`DROP SEQUENCE nestbox.dead_letter_position`);
    await db.query(`DROP FUNCTION nestbox.refuse_parked_keys, nestbox.refuse_change`);
  }
}

async function parkedKeys(db: QueryRunner): Promise<void> {
  await db.query(`
    CREATE TABLE nestbox.parked_keys (
      handler smallint NOT NULL,
      key text NOT NULL,
      parked_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (handler, key)
    )`);
  // It raises an exception, so that it can be pipelined with other statements without waiting for the answer.
  await db.query(`
    CREATE FUNCTION nestbox.refuse_parked_keys(of_handler smallint, keys text[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM nestbox.parked_keys WHERE handler = of_handler AND key = ANY(keys)) THEN
        RAISE EXCEPTION 'A key of these events is parked.' USING ERRCODE = 'NB001';
      END IF;
    END $$`);
}

async function audit(db: QueryRunner): Promise<void> {
  await db.query(`
    CREATE TABLE nestbox.dead_letter_audit (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      actor text NOT NULL,
      action text NOT NULL,
      reason text NOT NULL,
      letters bigint[] NOT NULL,
      detail jsonb NOT NULL
    )`);
  await db.query(`
    CREATE FUNCTION nestbox.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'nestbox.% is append-only.', TG_TABLE_NAME; END $$`);
  await db.query(`
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON nestbox.dead_letter_audit
    FOR EACH STATEMENT EXECUTE FUNCTION nestbox.refuse_change()`);
}

async function deadLetters(db: QueryRunner): Promise<void> {
  await db.query(`CREATE SEQUENCE nestbox.dead_letter_position CACHE 1`);
  await db.query(`
    CREATE TABLE nestbox.dead_letters (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      position bigint NOT NULL DEFAULT nextval('nestbox.dead_letter_position'),
      handler text NOT NULL,
      key text NOT NULL,
      alone boolean NOT NULL,
      claimed boolean NOT NULL DEFAULT false,
      status text NOT NULL DEFAULT 'parked' CHECK (status IN ('parked', 'delayed', 'redriven', 'discarded', 'edited')),
      reason text NOT NULL CHECK (reason IN ('failed', 'behind', 'undecodable')),
      event_id uuid,
      event_type text,
      event_version int,
      aggregate_version int,
      topic text NOT NULL,
      partition int NOT NULL,
      "offset" bigint NOT NULL,
      record_key bytea,
      record_value bytea,
      headers jsonb NOT NULL,
      cause text,
      error_class text,
      error_code text,
      error_message text,
      attempts jsonb NOT NULL DEFAULT '[]',
      correlation_id text,
      trace_id text,
      edited_from bigint REFERENCES nestbox.dead_letters,
      due_at timestamptz,
      parked_at timestamptz NOT NULL DEFAULT now(),
      closed_at timestamptz,
      closed_by bigint REFERENCES nestbox.dead_letter_audit
    )`);
}

async function indexes(db: QueryRunner): Promise<void> {
  // One record is parked once per handler. Only an edited copy may refer to the same record again.
  await db.query(`
    CREATE UNIQUE INDEX dead_letter_per_record ON nestbox.dead_letters (handler, topic, partition, "offset")
    WHERE edited_from IS NULL`);
  await db.query(`CREATE INDEX dead_letters_open ON nestbox.dead_letters (handler, key, position) WHERE status = 'parked'`);
  await db.query(`CREATE INDEX dead_letters_due ON nestbox.dead_letters (due_at) WHERE status = 'delayed'`);
}
