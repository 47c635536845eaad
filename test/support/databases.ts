import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '@nestbox/database';
import type { MigrationClass } from '@nestbox/database';
import { databaseUrl } from '@nestbox/database/testing';

/** The databases of one shop: one per context, and the embedded log's. */
export class Databases {
  private readonly pools = new Map<string, pg.Pool>();
  private readonly admin: pg.Pool;
  private readonly server: string;

  /** `prefix`: of databases that are there already; `open` those that are to be looked into. */
  constructor(readonly prefix = `shop_${randomBytes(4).toString('hex')}`) {
    const server = process.env.TEST_DATABASE_URL;
    if (!server) throw new Error('TEST_DATABASE_URL is not set: run the tests through "npm test".');
    this.server = server;
    this.admin = quietPool(server, 2);
  }

  async create(context: string, migrations: readonly MigrationClass[]): Promise<void> {
    await this.admin.query(`CREATE DATABASE ${this.nameOf(context)}`);
    await migrate({ url: this.urlOf(context), migrations });
    this.open(context);
  }

  open(context: string): void {
    this.pools.set(context, quietPool(this.urlOf(context), 3));
  }

  get contexts(): string[] {
    return [...this.pools.keys()];
  }

  nameOf(context: string): string {
    return `${this.prefix}_${context}`;
  }

  urlOf(context: string): string {
    return databaseUrl(this.server, this.nameOf(context));
  }

  async query<Row extends object>(context: string, sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pools.get(context)!.query<Row>(sql, values)).rows;
  }

  /** A session of its own, to hold a lock with. */
  session(context: string): Promise<pg.PoolClient> {
    return this.pools.get(context)!.connect();
  }

  /** The processes behind the connections to a context's database, but the tests' own. */
  async backends(context: string): Promise<number[]> {
    const { rows } = await this.admin.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = $1 AND application_name <> 'tests'`,
      [this.nameOf(context)],
    );
    return rows.map(({ pid }) => pid);
  }

  /** Ends every connection to these contexts' databases but the tests' own; returns how many there were. */
  async terminateBackends(contexts: readonly string[] = [...this.pools.keys()]): Promise<number> {
    const { rows } = await this.admin.query<{ ended: boolean }>(
      `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
       WHERE datname = ANY ($1) AND application_name <> 'tests'`,
      [contexts.map((context) => this.nameOf(context))],
    );
    return rows.filter(({ ended }) => ended).length;
  }

  async allowConnections(context: string, allowed: boolean): Promise<void> {
    await this.admin.query(`ALTER DATABASE ${this.nameOf(context)} ALLOW_CONNECTIONS ${allowed}`);
  }

  async drop(): Promise<void> {
    await this.endPools();
    for (const context of this.pools.keys()) {
      await this.admin.query(`DROP DATABASE IF EXISTS ${this.nameOf(context)} WITH (FORCE)`);
    }
    await this.admin.end();
  }

  /** Leaves them to others. */
  async close(): Promise<void> {
    await this.endPools();
    await this.admin.end();
  }

  private async endPools(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }
}

function quietPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, application_name: 'tests' });
  // Connections are ended on purpose around here; the next query makes a new one.
  pool.on('error', () => undefined);
  return pool;
}
