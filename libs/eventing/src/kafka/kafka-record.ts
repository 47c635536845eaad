import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { BrokerRecord } from '../broker/broker.js';

export function toRecord(topic: string, partition: number, { offset, key, value, headers, timestamp }: KafkaMessage): BrokerRecord {
  const text = new Proxy(headers ?? {}, AS_TEXT) as Record<string, string>;
  return { topic, partition, offset, key, value, headers: text, timestamp: Number(timestamp) };
}

/** Reads one header as text when it is asked for: a consumer looks at one or two of eight, a million times. */
const AS_TEXT: ProxyHandler<IHeaders> = {
  get: (headers, name) => (typeof name === 'string' && Object.hasOwn(headers, name) ? text(headers[name]) : undefined),
  getOwnPropertyDescriptor: (headers, name) =>
    Object.hasOwn(headers, name)
      ? { value: text(headers[name as string]), enumerable: true, configurable: true, writable: false }
      : undefined,
};

/** Header values are bytes to Kafka, and a header may be repeated: then the last one counts. */
function text(value: IHeaders[string]): string {
  const last = Array.isArray(value) ? value[value.length - 1] : value;
  return last == null ? '' : String(last);
}
