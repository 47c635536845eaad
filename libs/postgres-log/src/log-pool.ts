import { connectionTo } from '@nestbox/database';
import pg from 'pg';
import { toEventingError } from './postgres-log.error.js';
import type { PostgresLogOptions } from './postgres-log.options.js';

export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Also the deadline of a publish; after it the outcome is unknown. */
export const DEADLINE_MS = 30_000;

/** Options of every connection to the log: with keep-alive and deadlines, so that nothing waits for ever. */
export function connectionOptions({ url, clientName }: PostgresLogOptions): pg.ClientConfig {
  return connectionTo(url, {
    application_name: clientName,
    keepAliveInitialDelayMillis: 10_000,
    query_timeout: DEADLINE_MS,
    statement_timeout: DEADLINE_MS,
  });
}

/** Few connections and prepared statements only; throws EventingErrors. */
export class LogPool {
  private readonly pool: pg.Pool;
  private closing: Promise<void> | undefined;

  constructor(options: PostgresLogOptions) {
    this.pool = new pg.Pool({ ...connectionOptions(options), max: 6, idleTimeoutMillis: 60_000 });
    // A broken idle connection is replaced at the next statement. Without this listener its error would end the process.
    this.pool.on('error', () => undefined);
  }

  async run(statement: Statement, values: unknown[]): Promise<{ rows: unknown[][]; count: number }> {
    try {
      const { rows, rowCount } = await this.pool.query({ ...statement, values, rowMode: 'array' });
      return { rows, count: rowCount ?? 0 };
    } catch (error) {
      throw toEventingError(error);
    }
  }

  close(): Promise<void> {
    this.closing ??= this.pool.end();
    return this.closing;
  }
}
