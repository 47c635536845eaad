import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../migrate.js';
import type { MigrationClass } from '../migrate.js';

export interface ScratchDatabase {
  readonly url: string;
  readonly name: string;
  drop(): Promise<void>;
}

/** Creates a migrated database for one test file, on the server of TEST_DATABASE_URL (a superuser's URL). */
export async function scratchDatabase(migrations: readonly MigrationClass[] = []): Promise<ScratchDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run the tests through "npm test".');
  const name = `scratch_${randomBytes(6).toString('hex')}`;
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = databaseUrl(server, name);
  if (migrations.length > 0) await migrate({ url, migrations });
  return { url, name, drop: () => withClient(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)) };
}

export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

/** Runs the work on a connection that is closed afterwards. */
export async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
