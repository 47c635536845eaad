import { createRequire } from 'node:module';
import { decodeBatches } from './fetched-batches.js';

const require = createRequire(import.meta.url);

/** The part of kafkajs' Decoder that is used here. */
interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string;
  readBytes(): Buffer | null;
  readArray<T>(read: (decoder: Decoder) => T): T[];
  readArrayAsync<T>(read: (decoder: Decoder) => Promise<T>): Promise<T[]>;
}
interface Fetch {
  protocol(choice: { version: number }): (request: object) => { request: object; response: { decode(bytes: Buffer): Promise<object> } };
}
const DecoderOfKafkajs = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
/** Before it, brokers (older than 0.11) send no batches. */
const FIRST_VERSION = 4;
let done = false;

/** Has kafkajs read fetched batches with `decodeBatches`. Everything else of the response is read as kafkajs does. */
export function readBatchesOurWay(): void {
  if (done) return;
  done = true;
  const fetch = require('kafkajs/src/protocol/requests/fetch') as Fetch;
  const { protocol } = fetch;
  fetch.protocol = ({ version }) => {
    const original = protocol({ version });
    if (version < FIRST_VERSION) return original;
    return (request) => {
      const made = original(request);
      return { ...made, response: { ...made.response, decode: (bytes) => decodeResponse(new DecoderOfKafkajs(bytes), version) } };
    };
  };
}

async function decodeResponse(decoder: Decoder, version: number): Promise<object> {
  const throttled = decoder.readInt32();
  const session = version < 7 ? {} : { errorCode: decoder.readInt16(), sessionId: decoder.readInt32() };
  const responses = await decoder.readArrayAsync(async () => ({
    topicName: decoder.readString(),
    partitions: await decoder.readArrayAsync(() => decodePartition(decoder, version)),
  }));
  // Since version 8 the broker answers before it throttles, so it is for the client to wait.
  return { throttleTime: version < 8 ? throttled : 0, clientSideThrottleTime: version < 8 ? undefined : throttled, ...session, responses };
}

async function decodePartition(decoder: Decoder, version: number): Promise<object> {
  return {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: String(decoder.readInt64()),
    lastStableOffset: String(decoder.readInt64()),
    ...(version >= 5 && { lastStartOffset: String(decoder.readInt64()) }),
    abortedTransactions: decoder.readArray(() => ({ producerId: String(decoder.readInt64()), firstOffset: String(decoder.readInt64()) })),
    ...(version >= 11 && { preferredReadReplica: decoder.readInt32() }),
    messages: await decodeBatches(decoder.readBytes() ?? Buffer.alloc(0)),
  };
}
