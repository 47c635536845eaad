import { migrate } from '@nestbox/database';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { eventingMigrations } from '@nestbox/messaging';
import { Client } from 'pg';
import { bucketOf } from '../../../libs/outbox/src/outbox/ring.js';

/** A context's database with an empty outbox, and sessions to interleave by hand. */
export class OutboxFixture {
  private readonly clients: Client[] = [];
  private constructor(private readonly scratch: ScratchDatabase) {}

  static async create(): Promise<OutboxFixture> {
    const scratch = await scratchDatabase();
    await migrate({ url: scratch.url, migrations: eventingMigrations });
    return new OutboxFixture(scratch);
  }

  get url(): string {
    return this.scratch.url;
  }

  async session(): Promise<Session> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    this.clients.push(client);
    return new Session(client);
  }

  async drop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)));
    await this.scratch.drop();
  }
}

/** One connection, written in the words of the interleavings. */
export class Session {
  constructor(readonly client: Client) {}

  async begin(): Promise<this> {
    await this.client.query('BEGIN');
    return this;
  }

  /** Draws an id and a transaction id now; the value is what the assertions read. */
  async write(key: string, value: string, slot = 0): Promise<this> {
    await this.client.query(
      `INSERT INTO nestbox.outbox_${slot} (bucket, topic, key, headers, value) VALUES ($1, $2, $3, $4, $5)`,
      [bucketOf(key), 'checkout.orders', key, '{}', value],
    );
    return this;
  }

  async writeMany(count: number, key = 'order-1'): Promise<void> {
    await this.client.query(
      `INSERT INTO nestbox.outbox_0 (bucket, topic, key, headers, value)
       SELECT $1, 'checkout.orders', $2, '{}', 'event ' || n FROM generate_series(1, $3::int) n`,
      [bucketOf(key), key, count],
    );
  }

  /** Takes a transaction id without writing an event. */
  async touch(): Promise<this> {
    await this.client.query('SELECT pg_current_xact_id()');
    return this;
  }

  async commit(): Promise<void> {
    await this.client.query('COMMIT');
  }

  async values(sql: string, parameters: unknown[] = []): Promise<string[]> {
    const { rows } = await this.client.query({ text: sql, values: parameters, rowMode: 'array' });
    return rows.map(([value]) => String(value));
  }
}
