import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { BrokerRecord } from '../broker/broker.js';

const [ZERO, ONE] = Buffer.from('01');

/** A record as kafkajs has it: bytes become text, or anything else, when they are asked for. */
export class KafkaRecord implements BrokerRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;

  constructor(readonly topic: string, readonly partition: number, private readonly message: KafkaMessage) {
    this.offset = message.offset;
    this.key = message.key;
    this.value = message.value;
    this.headers = new Proxy(message.headers ?? {}, AS_TEXT) as Record<string, string>;
    this.timestamp = Number(message.timestamp);
  }

  /** The last digit of `traceparent` says so; of flags that nobody sets today, its text has to be asked. */
  get isCollected(): boolean | undefined {
    const bytes = this.message.headers?.traceparent;
    const last = Buffer.isBuffer(bytes) ? bytes[bytes.length - 1] : undefined;
    return last === ZERO ? false : last === ONE ? true : undefined;
  }
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
