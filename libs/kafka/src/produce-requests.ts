import { partitionOf } from '@nestbox/messaging';
import type { OutgoingRecord } from '@nestbox/messaging';
import type { Message, TopicMessages } from 'kafkajs';

/**
 * kafkajs puts all records of a request for one partition into one batch, and brokers refuse batches above
 * message.max.bytes (default 1 048 588), however small each record is.
 */
const MAX_BATCH_BYTES = 900_000;
/** Lengths, timestamps and offsets of a record on the wire, at their widest. */
const RECORD_OVERHEAD = 40;

/** Splits records into requests so that no partition gets more than one batch may hold. */
export function requestsOf(records: readonly OutgoingRecord[], partitions: ReadonlyMap<string, number>): TopicMessages[][] {
  const requests: TopicMessages[][] = [];
  let request = new Request();
  for (const record of records) {
    const { topic, key, value, headers } = record;
    const partition = record.partition ?? partitionOf(key, partitions.get(topic)!);
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(value ?? '') + headerBytes(headers) + RECORD_OVERHEAD;
    if (!request.hasRoom(topic, partition, bytes)) {
      requests.push(request.messages());
      request = new Request();
    }
    request.add(topic, { key, value, partition, headers }, bytes);
  }
  requests.push(request.messages());
  return requests;
}

class Request {
  private readonly topics = new Map<string, { messages: Message[]; bytes: number[] }>();

  hasRoom(topic: string, partition: number, bytes: number): boolean {
    const used = this.topics.get(topic)?.bytes[partition] ?? 0;
    return used === 0 || used + bytes <= MAX_BATCH_BYTES;
  }

  add(topic: string, message: Message & { partition: number }, bytes: number): void {
    let entry = this.topics.get(topic);
    if (!entry) this.topics.set(topic, (entry = { messages: [], bytes: [] }));
    entry.messages.push(message);
    entry.bytes[message.partition] = (entry.bytes[message.partition] ?? 0) + bytes;
  }

  messages(): TopicMessages[] {
    return [...this.topics].map(([topic, { messages }]) => ({ topic, messages }));
  }
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in headers) bytes += Buffer.byteLength(name) + Buffer.byteLength(headers[name]) + 4;
  return bytes;
}
