import type { BrokerRecord } from '@nestbox/messaging';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { WireHeaders } from './wire-headers.js';

const [ZERO, ONE] = Buffer.from('01');
/** A record of kafkajs. Headers are decoded on demand. */
export class KafkaRecord implements BrokerRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;
  private readonly onTheWire: WireHeaders | undefined;

  constructor(readonly topic: string, readonly partition: number, message: KafkaMessage) {
    this.offset = message.offset;
    this.key = message.key;
    this.value = message.value;
    this.onTheWire = WireHeaders.within(message.headers);
    this.headers = this.onTheWire?.asText() ?? textOf(message.headers);
    this.timestamp = Number(message.timestamp);
  }

  /** Read from the last digit of `traceparent`; undefined for other flags, which need the full text. */
  get isCollected(): boolean | undefined {
    const last = this.onTheWire?.lastByte('traceparent');
    return last === ZERO ? false : last === ONE ? true : undefined;
  }
}

/** Headers that kafkajs has parsed itself, as it does without the patch; formats before Kafka 0.11 have none. */
function textOf(headers: IHeaders = {}): Record<string, string> {
  const last = (value: IHeaders[string]) => (Array.isArray(value) ? value.at(-1) : value);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, last(value)?.toString() ?? '']));
}
