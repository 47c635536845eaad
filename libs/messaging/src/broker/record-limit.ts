import { EventingError } from '../eventing.error.js';
import type { BrokerRecord, OutgoingRecord } from './broker.js';

/** Kafka's own default (message.max.bytes), so that what fits the embedded log fits Kafka too. */
export const MAX_RECORD_BYTES = 1024 * 1024;

/** A record with more of them is not read: ours have eight. */
export const MAX_HEADERS = 32;

/** Where headers that are costly to list say how many they are. */
export const HEADER_COUNT = Symbol('number of headers');

export function hasTooManyHeaders({ headers }: Pick<BrokerRecord, 'headers'>): boolean {
  const { [HEADER_COUNT]: count = Reflect.ownKeys(headers).length } = headers as { [HEADER_COUNT]?: number };
  return count > MAX_HEADERS;
}

/** Refuses a batch that holds a record over the limit; nothing of the batch has been sent then. */
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
