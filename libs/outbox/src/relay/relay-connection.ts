import { connectionTo } from '@nestbox/database';
import { Client } from 'pg';
import type { QueryArrayResult } from 'pg';
import { OUTBOX_CHANNEL } from '../outbox/outbox-signal.js';
import { advance, READ_ON, READ_WINDOW, unseen } from './relay-cursor.js';
import type { OutboxRow, RelayCursor, Window } from './relay-cursor.js';

// A plan made while the table was empty must not sort a million rows later, so only index scans stay enabled.
const PLANNER = '-c enable_sort=off -c enable_incremental_sort=off -c enable_seqscan=off -c enable_bitmapscan=off';
const QUERY_DEADLINE_MS = 30_000;

/** The relay's own connection. It reads windows, stores cursors, and wakes the relay on NOTIFY. */
export class RelayConnection {
  private constructor(private readonly client: Client) {}

  static async open(url: string, wake: () => void, lost: (error: Error) => void): Promise<RelayConnection> {
    const client = new Client(
      connectionTo(url, { application_name: 'nestbox-relay', options: PLANNER, pipeline: true, query_timeout: QUERY_DEADLINE_MS }),
    );
    client.on('error', lost);
    client.on('notification', wake);
    await client.connect();
    await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
    return new RelayConnection(client);
  }

  async read(from: RelayCursor, slice: Slice, limit: number): Promise<Window> {
    const { xmax, inProgress } = unseen(from.seen);
    const window = [xmax, inProgress, slice.of, slice.index, limit];
    const statement =
      from.reading === null
        ? { ...READ_WINDOW, values: window }
        : { ...READ_ON, values: [...window, from.reading, from.lastId] };
    const { rows }: QueryArrayResult = await this.client.query({ ...statement, rowMode: 'array' });
    return { rows: rows as OutboxRow[], next: advance(from, rows as OutboxRow[], limit) };
  }

  async query(text: string, values: unknown[] = []) {
    return this.client.query(text, values);
  }

  async prepared(statement: { name: string; text: string }, values: unknown[]) {
    return this.client.query({ ...statement, values });
  }

  async close(): Promise<void> {
    this.client.removeAllListeners('notification');
    await this.client.end().catch(() => undefined);
  }
}

/** Part `index` of `of` equal parts of the key buckets. */
export interface Slice {
  readonly index: number;
  readonly of: number;
}
