import { DataSource } from 'typeorm';
import type { MigrationInterface } from 'typeorm';
import { requireOwnSessions, sessionOptions } from './connection.js';

export interface MigrationClass {
  new (): MigrationInterface;
  /** By schema: extra rights of apps on its tables, beyond reading and writing rows. */
  readonly rights?: Readonly<Record<string, readonly 'TRUNCATE'[]>>;
}

export interface MigrateOptions {
  /** Must connect as the database's owner: the apps' roles may not change tables. */
  readonly url: string;
  readonly migrations: readonly MigrationClass[];
  /** Roles that get SELECT, INSERT, UPDATE, DELETE on every table, plus the `rights` of the migrations. */
  readonly appRoles?: readonly string[];
}

const LOCK_KEY = 7_265_537_810;

/** Runs pending migrations and grants rights; returns the migrations' names. Concurrent calls wait for each other. */
export async function migrate({ url, migrations, appRoles = [] }: MigrateOptions): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    extra: { max: 2, options: sessionOptions(url) },
  });
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    // The lock belongs to a session.
    await requireOwnSessions(lock);
    await lock.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    const ran = await dataSource.runMigrations({ transaction: 'each' });
    for (const role of appRoles) await grant(dataSource, role, migrations);
    return ran.map(({ name }) => name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => undefined);
    await lock.release();
    await dataSource.destroy();
  }
}

/** Names of the migrations that the database has not had yet. */
export async function pendingMigrations(dataSource: DataSource, migrations: readonly MigrationClass[]): Promise<string[]> {
  const rows: { name: string }[] = await dataSource.query('SELECT name FROM migrations').catch(() => []);
  const done = new Set(rows.map(({ name }) => name));
  return migrations.map((migration) => migration.name).filter((name) => !done.has(name));
}

async function grant(dataSource: DataSource, role: string, migrations: readonly MigrationClass[]): Promise<void> {
  const name = dataSource.driver.escape(role);
  const schemas: { nspname: string }[] = await dataSource.query(
    `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
  );
  for (const { nspname } of schemas) {
    const schema = dataSource.driver.escape(nspname);
    const more = migrations.flatMap(({ rights = {} }) => rights[nspname] ?? []);
    const rights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', ...more].join(', ');
    await dataSource.query(`GRANT USAGE ON SCHEMA ${schema} TO ${name}`);
    await dataSource.query(`GRANT ${rights} ON ALL TABLES IN SCHEMA ${schema} TO ${name}`);
    await dataSource.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${name}`);
  }
}
