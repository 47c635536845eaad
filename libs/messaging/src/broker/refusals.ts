import { EventingError } from '../eventing.error.js';
import type { BrokerRecord, OutgoingRecord, TopicSpec } from './broker.js';

/** Kafka's default (message.max.bytes): a record that fits the embedded log fits Kafka too. */
const MAX_RECORD_BYTES = 1024 * 1024;

/** A record with more headers is not read. Our own records have eight. */
export const MAX_HEADERS = 32;

/** The key under which an adapter whose headers are costly to list gives their number. */
export const HEADER_COUNT = Symbol('number of headers');

export function hasTooManyHeaders({ headers }: Pick<BrokerRecord, 'headers'>): boolean {
  const { [HEADER_COUNT]: count = Reflect.ownKeys(headers).length } = headers as { [HEADER_COUNT]?: number };
  return count > MAX_HEADERS;
}

/** Throws PUBLISH_REFUSED for a batch that holds a record over the limit. Call it before anything is sent. */
export function refuseTooLarge(records: readonly OutgoingRecord[]): void {
  for (const { topic, key, value, headers } of records) {
    // A cheap upper bound first: UTF-8 takes at most three bytes per UTF-16 unit.
    if ((key.length + (value?.length ?? 0)) * 3 < MAX_RECORD_BYTES / 2) continue;
    const size = Buffer.byteLength(key) + Buffer.byteLength(value ?? '') + headerBytes(headers);
    if (size > MAX_RECORD_BYTES) {
      throw new EventingError('PUBLISH_REFUSED', `A record of ${size} bytes for ${topic} is over ${MAX_RECORD_BYTES} bytes.`);
    }
  }
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  return Object.entries(headers).reduce((sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text), 0);
}

export const SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000;

/** A topic as it exists on the broker. */
export interface TopicAsFound {
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /** Infinity: records are kept forever. */
  readonly retentionMs: number;
}

/** Throws when a topic differs from its configuration in a way that would lose records or their order. */
export function refuseDrift(spec: TopicSpec, found: TopicAsFound): void {
  const { name, partitions, cleanup = 'delete', retentionMs = SEVEN_DAYS_MS } = spec;
  // Another partition count moves keys to other partitions: events of one entity could then overtake each other.
  if (found.partitions !== partitions) {
    throw new EventingError(
      'TOPIC_PARTITIONS_CHANGED',
      `Topic ${name} has ${found.partitions} partitions on the broker, ${partitions} are configured: keys would change places.`,
    );
  }
  if (found.cleanup !== cleanup) {
    const harm = cleanup === 'compact' ? 'states would vanish by their age' : 'all but the last event of each key would vanish';
    throw drifted(`Topic ${name} has cleanup policy ${found.cleanup} on the broker, ${cleanup} is configured: ${harm}.`);
  }
  if (cleanup === 'delete' && found.retentionMs < retentionMs) {
    throw drifted(
      `Topic ${name} keeps its events for ${found.retentionMs} ms on the broker, ${retentionMs} ms are configured: ` +
        'they would vanish earlier than promised. Lengthen it there, or shorten it here.',
    );
  }
}

function drifted(message: string): EventingError {
  return new EventingError('TOPIC_DRIFTED', message);
}
