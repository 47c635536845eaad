import { join } from 'node:path';
import { scratchDatabase } from '@nestbox/database/testing';
import { brokerMigrations, subjectKeyMigrations } from '@nestbox/eventing';
import pg from 'pg';

const tool = join(process.cwd(), 'tools', 'start', 'move-subject-keys.mjs');
const moveSubjectKeys: (urls: { from: string; to: string }) => Promise<void> = (await import(tool)).moveSubjectKeys;

const KEYS = `SELECT id, subject, encode(secret, 'hex') AS secret FROM erasure.subject_keys ORDER BY subject`;

describe('the keys of a shop that kept them in the database of its log', () => {
  const opened: { drop(): Promise<void>; sql: pg.Client }[] = [];
  const open = async (...migrations: Parameters<typeof scratchDatabase>) => {
    const database = await scratchDatabase(...migrations);
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    opened.push({ drop: () => database.drop(), sql });
    return { url: database.url, sql };
  };

  afterEach(async () => {
    for (const { sql } of opened) await sql.end();
    for (const { drop } of opened.splice(0)) await drop();
  });

  it('move as they are, and leave nothing that could bring back who is forgotten later', async () => {
    const old = await open([...brokerMigrations, ...subjectKeyMigrations]);
    const own = await open(subjectKeyMigrations);
    await old.sql.query(`INSERT INTO erasure.subject_keys (subject, secret) SELECT who, sha256(who::bytea) FROM unnest('{ada,grace}'::text[]) who`);
    const before = (await old.sql.query(KEYS)).rows;
    await moveSubjectKeys({ from: old.url, to: own.url });
    expect(before).toHaveLength(2);
    expect((await own.sql.query(KEYS)).rows).toEqual(before);

    await own.sql.query(`DELETE FROM erasure.subject_keys WHERE subject = 'ada'`);
    await moveSubjectKeys({ from: old.url, to: own.url });
    expect((await own.sql.query(KEYS)).rows).toEqual([before[1]]);
  });

  it('need no move in a new shop', async () => {
    const [log, own] = [await open(brokerMigrations), await open(subjectKeyMigrations)];
    await moveSubjectKeys({ from: log.url, to: own.url });
    expect((await own.sql.query(KEYS)).rows).toEqual([]);
  });
});
