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

  /** Expels the group and refuses the next two who join it. A sequence counts them: it outlives the refused transaction. */
  async reload(group: string): Promise<() => Promise<number>> {
    await this.sql.query(`
      CREATE SEQUENCE log.joins;
      CREATE FUNCTION log.turn_away() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.group_name = TG_ARGV[0] AND nextval('log.joins') <= 2 THEN RAISE EXCEPTION 'loading' USING ERRCODE = '57P03'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER turn_away BEFORE INSERT ON log.members FOR EACH ROW EXECUTE FUNCTION log.turn_away('${group}')`);
    await this.expel(group);
    return async () => {
      const { rows } = await this.sql.query<{ joins: number }>('SELECT least(last_value - (NOT is_called)::int, 2)::int AS joins FROM log.joins');
      return rows[0].joins;
    };
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
