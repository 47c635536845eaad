import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import pg from 'pg';
import { brokerMigrations } from './migrations/index.js';
import { PostgresLogBroker } from './postgres-log.broker.js';

/** A log in a database of its own, brokers on it, and a connection to look behind their backs. */
export class LogFixture {
  private readonly brokers: PostgresLogBroker[] = [];

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

  /** Ends every connection of every broker; says how many there were. */
  async terminateBackends(): Promise<number> {
    const { rowCount } = await this.sql.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return rowCount ?? 0;
  }

  async close(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.close()));
    await this.sql.end();
    await this.database.drop();
  }
}
