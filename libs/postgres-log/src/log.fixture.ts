import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import pg from 'pg';
import { LogPool } from './log-pool.js';
import { brokerMigrations } from './migrations/index.js';
import { PostgresLogBroker } from './postgres-log.broker.js';
import { StoredLog } from './stored-log.js';
import { ChangeNotifier } from './change-notifier.js';

/** A log in its own database, brokers on it, and a direct connection for checks. */
export class LogFixture {
  private readonly brokers: PostgresLogBroker[] = [];
  private readonly pools: LogPool[] = [];

  private constructor(
    private readonly database: ScratchDatabase,
    readonly sql: pg.Client,
  ) {}

  static async open(): Promise<LogFixture> {
    const database = await scratchDatabase(brokerMigrations);
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    return new LogFixture(database, sql);
  }

  async broker(clientName = 'shop'): Promise<PostgresLogBroker> {
    const broker = new PostgresLogBroker({ url: this.database.url, clientName, log: () => undefined });
    await broker.connect();
    this.brokers.push(broker);
    return broker;
  }

  /** The store below the brokers, without a subscription's checks. */
  store(): StoredLog {
    const pool = new LogPool({ url: this.database.url, clientName: 'store' });
    this.pools.push(pool);
    return new StoredLog(pool, new ChangeNotifier(pool));
  }

  /** Simulates that no member of the group renewed its lease. */
  async expel(group: string): Promise<void> {
    await this.sql.query('DELETE FROM log.members WHERE group_name = $1', [group]);
  }

  /** Ends all connections of all brokers; returns their number. */
  async terminateBackends(): Promise<number> {
    const { rowCount } = await this.sql.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return rowCount ?? 0;
  }

  async close(): Promise<void> {
    await Promise.all([...this.brokers, ...this.pools].map((opened) => opened.close()));
    await this.sql.end();
    await this.database.drop();
  }
}
