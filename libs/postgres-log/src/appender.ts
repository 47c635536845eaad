import { partitionOf, refuseTooLarge } from '@nestbox/messaging';
import type { OutgoingRecord } from '@nestbox/messaging';
import type { LogPool } from './log-pool.js';
import { APPEND } from './records.sql.js';
import type { TopicDirectory } from './topic-directory.js';

/** Limit per statement: PostgreSQL keeps several copies of a statement's parameters in memory. */
const MAX_STATEMENT_BYTES = 16 * 1024 * 1024;

/** Appends batches, each in one statement and one commit; offsets follow the order of the array. */
export class Appender {
  constructor(
    private readonly pool: LogPool,
    private readonly topics: TopicDirectory,
  ) {}

  /** Returns the ids of the partitions that grew. */
  async append(records: readonly OutgoingRecord[]): Promise<Set<number>> {
    const grown = new Set<number>();
    if (records.length === 0) return grown;
    refuseTooLarge(records);
    const ids = await this.topics.resolve(new Set(records.map(({ topic }) => topic)));
    let portion = new Portion();
    for (const record of records) {
      portion.add(record, ids.get(record.topic)!);
      if (portion.bytes < MAX_STATEMENT_BYTES) continue;
      await this.write(portion, grown);
      portion = new Portion();
    }
    await this.write(portion, grown);
    return grown;
  }

  private async write(portion: Portion, grown: Set<number>): Promise<void> {
    if (portion.isEmpty) return;
    try {
      await this.pool.run(APPEND, portion.parameters());
    } catch (error) {
      // The topics may have been dropped and created again: the next try looks up their ids.
      this.topics.forget();
      throw error;
    }
    for (const id of portion.partitions()) grown.add(id);
  }
}

class Portion {
  bytes = 0;
  private readonly counts = new Map<number, number>();
  private readonly ids: number[] = [];
  private readonly ordinals: number[] = [];
  private readonly keys: Buffer[] = [];
  private readonly values: (Buffer | null)[] = [];
  private readonly headers: string[] = [];

  get isEmpty(): boolean {
    return this.ids.length === 0;
  }

  add({ key, value, headers, partition }: OutgoingRecord, partitions: readonly number[]): void {
    const keyBytes = Buffer.from(key);
    const valueBytes = typeof value === 'string' ? Buffer.from(value) : value;
    const id = partitions[partition ?? partitionOf(keyBytes, partitions.length)];
    const ordinal = this.counts.get(id) ?? 0;
    this.counts.set(id, ordinal + 1);
    this.ids.push(id);
    this.ordinals.push(ordinal);
    this.keys.push(keyBytes);
    this.values.push(valueBytes);
    this.headers.push(JSON.stringify(headers));
    this.bytes += keyBytes.length + (valueBytes?.length ?? 0);
  }

  partitions(): Iterable<number> {
    return this.counts.keys();
  }

  parameters(): unknown[] {
    const { counts, ids, ordinals, keys, values, headers } = this;
    return [
      [...counts.keys()], [...counts.values()],
      ids, ordinals, byteaArray(keys), byteaArray(values), textArray(headers),
    ];
  }
}

const TEXT = 25;
const BYTEA = 17;

/**
 * Arrays in PostgreSQL's binary form. The driver would send one quoted string with bytes in hex: for a thousand records that
 * costs more than the insert itself.
 */
export function byteaArray(values: readonly (Buffer | null)[]): Buffer {
  return encode(BYTEA, values);
}

export function textArray(values: readonly string[]): Buffer {
  return encode(TEXT, values.map((value) => Buffer.from(value)));
}

function encode(elementType: number, values: readonly (Buffer | null)[]): Buffer {
  const size = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 20);
  const out = Buffer.allocUnsafe(size);
  // Dimensions, null flag, element type, length, lower bound.
  const head = [1, values.includes(null) ? 1 : 0, elementType, values.length, 1];
  for (const [i, word] of head.entries()) out.writeInt32BE(word, i * 4);
  let at = 20;
  for (const value of values) {
    if (value === null) {
      at = out.writeInt32BE(-1, at);
      continue;
    }
    at = out.writeInt32BE(value.length, at);
    at += value.copy(out, at);
  }
  return out;
}
