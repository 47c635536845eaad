import type { BrokerRecord } from '@nestbox/messaging';
import type { KafkaMessage } from 'kafkajs';
import { WireHeaders } from './wire-headers.js';

const [ZERO, ONE] = Buffer.from('01');
/** Records of the formats from before Kafka 0.11 have no headers. */
const NONE = Object.freeze({});

/** A record as kafkajs has it: bytes become text, or anything else, when they are asked for. */
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
    this.headers = this.onTheWire?.asText() ?? NONE;
    this.timestamp = Number(message.timestamp);
  }

  /** The last digit of `traceparent` says so; of flags that nobody sets today, its text has to be asked. */
  get isCollected(): boolean | undefined {
    const last = this.onTheWire?.lastByte('traceparent');
    return last === ZERO ? false : last === ONE ? true : undefined;
  }
}
