import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { BrokerRecord } from '../broker/broker.js';

export function toRecord(topic: string, partition: number, { offset, key, value, headers, timestamp }: KafkaMessage): BrokerRecord {
  return { topic, partition, offset, key, value, headers: toText(headers), timestamp: Number(timestamp) };
}

/** Header values are bytes to Kafka, and a header may be repeated: then the last one counts. */
function toText(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value[value.length - 1] : value;
    if (last != null) text[name] = String(last);
  }
  return text;
}
