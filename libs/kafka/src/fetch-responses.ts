import { AbortedTransactions } from './aborted-transactions.js';
import { decodeBatches } from './fetched-batches.js';
import { wireProtocol } from './kafkajs-internals.js';
import type { WireDecoder } from './kafkajs-internals.js';

/** Before it, brokers (older than 0.11) send no batches. */
const FIRST_VERSION = 4;
let done = false;

/** Has kafkajs read fetched batches with `decodeBatches`. Everything else of the response is read as kafkajs does. */
export function readBatchesOurWay(): void {
  if (done) return;
  done = true;
  const { Decoder, fetch } = wireProtocol();
  const { protocol } = fetch;
  fetch.protocol = ({ version }) => {
    const original = protocol({ version });
    if (version < FIRST_VERSION) return original;
    return (request) => {
      const made = original(request);
      return { ...made, response: { ...made.response, decode: (bytes) => decodeResponse(new Decoder(bytes), version) } };
    };
  };
}

async function decodeResponse(decoder: WireDecoder, version: number): Promise<object> {
  const throttled = decoder.readInt32();
  const session = version < 7 ? {} : { errorCode: decoder.readInt16(), sessionId: decoder.readInt32() };
  const responses = await decoder.readArrayAsync(async () => ({
    topicName: decoder.readString(),
    partitions: await decoder.readArrayAsync(() => decodePartition(decoder, version)),
  }));
  // Since version 8 the broker answers before it throttles, so it is for the client to wait.
  return { throttleTime: version < 8 ? throttled : 0, clientSideThrottleTime: version < 8 ? undefined : throttled, ...session, responses };
}

async function decodePartition(decoder: WireDecoder, version: number): Promise<object> {
  const head = {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: String(decoder.readInt64()),
    lastStableOffset: String(decoder.readInt64()),
    ...(version >= 5 && { lastStartOffset: String(decoder.readInt64()) }),
  };
  const aborted = decoder.readArray(() => ({ producerId: String(decoder.readInt64()), firstOffset: String(decoder.readInt64()) }));
  const replica = version >= 11 && { preferredReadReplica: decoder.readInt32() };
  const messages = await decodeBatches(decoder.readBytes() ?? Buffer.alloc(0), new AbortedTransactions(aborted));
  // None are left for kafkajs' own filter.
  return { ...head, abortedTransactions: [], ...replica, messages };
}
