import { ENCODING_HEADER } from '@nestbox/messaging';
import type { Broker, EventingError, SchemaIdFraming, MessageSpans, OutgoingRecord } from '@nestbox/messaging';
import { isTracing } from '@nestbox/telemetry';
import { Logger } from '@nestjs/common';
import type { OutboxRow } from './relay-cursor.js';
import type { RelayConnection } from './relay-connection.js';

const REFUSE = `INSERT INTO nestbox.refused (id, topic, key, headers, value, reason)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;

const REFUSED_KEYS = 'SELECT DISTINCT topic, key FROM nestbox.refused';

/**
 * Publishes rows to the broker. A row that the broker refuses permanently (too large, no such topic, not allowed) is moved to
 * nestbox.refused, with all later rows of its key. All other keys go on.
 */
export class Publisher {
  private readonly logger = new Logger('Relay');
  private readonly refusedKeys = new Set<string>();

  constructor(
    private readonly broker: Broker,
    private readonly connection: RelayConnection,
    private readonly framing: SchemaIdFraming,
    private readonly spans: MessageSpans,
  ) {}

  async load(): Promise<void> {
    const { rows } = await this.connection.query(REFUSED_KEYS);
    for (const { topic, key } of rows) this.refusedKeys.add(keyOf(topic, key));
  }

  /** Resolves when each row is on the broker or set aside. Rejects with BROKER_UNAVAILABLE. */
  async publish(rows: readonly OutboxRow[]): Promise<void> {
    let open = rows;
    if (this.refusedKeys.size > 0) open = await this.setAsideRefusedKeys(rows);
    if (open.length === 0) return;
    try {
      await this.send(open);
    } catch (error) {
      if ((error as EventingError).code !== 'PUBLISH_REFUSED') throw error;
      await this.isolate(open, error as EventingError);
    }
  }

  /** Most rows are JSON and are sent unchanged. Only encoded rows need the id of their schema. */
  private async records(rows: readonly OutboxRow[]): Promise<OutgoingRecord[]> {
    const records = rows.map(toRecord);
    for (const [n, { headers }] of records.entries()) {
      if (ENCODING_HEADER in headers) records[n] = await this.framing.frame(records[n]!);
    }
    return records;
  }

  /** States first: a reader of an event can then also read a state that includes it. */
  private async send(rows: readonly OutboxRow[]): Promise<void> {
    const states = rows.filter(isState);
    const rest = states.length > 0 ? rows.filter((row) => !isState(row)) : rows;
    for (const part of [states, rest]) {
      if (part.length === 0) continue;
      const records = await this.records(part);
      await (isTracing() ? this.spans.sending(records, () => this.broker.publish(records)) : this.broker.publish(records));
    }
  }

  /** Halves the batch until each refused row is alone. */
  private async isolate(rows: readonly OutboxRow[], error: EventingError): Promise<void> {
    if (rows.length === 1) {
      const [id, topic, key] = rows[0]!;
      this.refusedKeys.add(keyOf(topic, key));
      await this.setAside(rows[0]!, error.message);
      this.logger.error(`Event ${id} on ${topic} was refused by the broker; its key waits in nestbox.refused: ${error.message}`);
      return;
    }
    const middle = rows.length >> 1;
    await this.publish(rows.slice(0, middle));
    await this.publish(rows.slice(middle));
  }

  private async setAsideRefusedKeys(rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
    const open: OutboxRow[] = [];
    for (const row of rows) {
      if (this.refusedKeys.has(keyOf(row[1], row[2]))) await this.setAside(row, 'an earlier event of this key was refused');
      else open.push(row);
    }
    return open;
  }

  private async setAside([id, topic, key, headers, value]: OutboxRow, reason: string): Promise<void> {
    await this.connection.query(REFUSE, [id, topic, key, headers, value, reason]);
  }
}

function isState([, topic]: OutboxRow): boolean {
  return topic.endsWith('.state');
}

function keyOf(topic: string, key: string): string {
  return `${topic}\n${key}`;
}

function toRecord([, topic, key, headers, value]: OutboxRow): OutgoingRecord {
  return { topic, key, value, headers: JSON.parse(headers) as Record<string, string> };
}
