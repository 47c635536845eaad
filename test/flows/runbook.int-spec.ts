import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationClass } from '@nestbox/database';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { brokerMigrations } from '@nestbox/eventing';
import { Client } from 'pg';
import { root } from '../support/tools.js';

const page = readFileSync(join(root, 'docs/runbook.md'), 'utf8');

/** Queries stand in lists as well, indented; each begins with a comment that says where it belongs. */
const queries = [...page.matchAll(/^( *)```sql\n([\s\S]*?)^ *```$/gm)].map(([, indent, text]) => {
  const sql = text!.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
  return { database: /^-- database (\w+)/.exec(sql)?.[1] ?? '', sql };
});

async function migrationsOf(database: string): Promise<readonly MigrationClass[]> {
  if (database === 'broker') return brokerMigrations;
  const file = join(root, 'apps', database, 'src', 'persistence', 'migrations', 'index.ts');
  return ((await import(file)) as { migrations: readonly MigrationClass[] }).migrations;
}

describe('The queries of the runbook', () => {
  const databases = new Map<string, ScratchDatabase>();

  beforeAll(async () => {
    for (const database of new Set(queries.map((query) => query.database))) {
      databases.set(database, await scratchDatabase(await migrationsOf(database)));
    }
  });
  afterAll(async () => {
    for (const database of databases.values()) await database.drop();
  });

  const run = async (database: string, ...statements: string[]) => {
    const client = new Client({ connectionString: databases.get(database)!.url });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) ({ rows } = await client.query(statement));
      return rows;
    } finally {
      await client.end();
    }
  };
  const queryWith = (words: string) => queries.find(({ sql }) => sql.includes(words))!.sql;

  it('are there', () => {
    expect(queries.length).toBeGreaterThanOrEqual(9);
  });

  it.each(queries)('run in database $database: $sql', async ({ database, sql }) => {
    await expect(run(database, sql)).resolves.toBeDefined();
  });

  it('tell what waits in the outbox from what the relay has marked', async () => {
    const write = `INSERT INTO nestbox.outbox (bucket, topic, key, headers, value) VALUES (0, 'checkout.orders', 'order-1', '{}', '{}')`;
    await run('checkout', `INSERT INTO nestbox.relay (slice, slices) VALUES (0, 1)`, write, write);
    expect(await run('checkout', queryWith('AS waiting'))).toEqual([expect.objectContaining({ slice: 0, waiting: '2' })]);
    await run('checkout', `UPDATE nestbox.relay SET seen = pg_current_snapshot()`, write);
    expect(await run('checkout', queryWith('AS waiting'))).toEqual([expect.objectContaining({ slice: 0, waiting: '1' })]);
  });

  it('put refused events back into the outbox in their order', async () => {
    const order = '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f';
    const refuse = (id: number) =>
      `INSERT INTO nestbox.refused (id, topic, key, headers, value, reason) VALUES (${id}, 'checkout.orders', '${order}', '{}', 'event ${id}', 'no')`;
    await run('checkout', 'DELETE FROM nestbox.outbox', refuse(2), refuse(1), queryWith('WITH back'));
    expect(await run('checkout', 'SELECT value FROM nestbox.outbox ORDER BY id')).toEqual([{ value: 'event 1' }, { value: 'event 2' }]);
    expect(await run('checkout', 'SELECT id FROM nestbox.refused')).toEqual([]);
  });
});
