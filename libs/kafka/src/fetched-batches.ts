import { crc32 } from 'node:zlib';
import { AbortedTransactions } from './aborted-transactions.js';
import { crc32c } from './crc32c.js';
import { wireProtocol } from './kafkajs-internals.js';
import type { BatchContext, WireDecoder, WireMessage } from './kafkajs-internals.js';
import { CODECS, unpack } from './unpack.js';

const UNREADABLE = Symbol('unreadable batch');
/** Offset and length stand before the batch's own bytes. */
const BEFORE_BATCH = 12;
const BATCH_HEADER = 61;

/** Why the batch at this message cannot be read; undefined for an ordinary message. */
export function unreadable(message: object | undefined): string | undefined {
  return (message as { [UNREADABLE]?: string } | undefined)?.[UNREADABLE];
}

/**
 * All messages of one partition in a fetch. They end with a stand-in where a batch cannot be read: kafkajs would fail the whole
 * fetch, or give what is not there. Who reads the value of the stand-in gets the reason as an error, so nobody takes it for a record. Of a transaction that was given up nothing is shown.
 */
export async function decodeBatches(bytes: Buffer, aborted = new AbortedTransactions([])): Promise<WireMessage[]> {
  const messages: WireMessage[] = [];
  for (let at = 0; at + BEFORE_BATCH < bytes.length; ) {
    const end = at + BEFORE_BATCH + bytes.readInt32BE(at + 8);
    // A fetch is cut at its limit, in the midst of a batch; the next one begins with it.
    if (end > bytes.length) break;
    const entry = bytes.subarray(at, end);
    try {
      for (const message of await decodeEntry(entry, aborted)) messages.push(message);
    } catch (error) {
      messages.push(standIn(lastOffsetOf(entry), (error as Error).message));
      break;
    }
    at = end;
  }
  return messages;
}

async function decodeEntry(entry: Buffer, aborted: AbortedTransactions): Promise<readonly WireMessage[]> {
  const { Decoder } = wireProtocol();
  const magic = entry.readInt8(16);
  if (magic < 2) return decodeOldEntry(entry);
  if (magic > 2) throw new Error(`its format ${magic} is not known`);
  if (entry.readUInt32BE(17) !== crc32c(entry.subarray(21))) throw new Error('its checksum is wrong');
  const attributes = entry.readInt16BE(21);
  const last = lastOffsetOf(entry);
  const batch = contextOf(entry, attributes);
  const isAborted = aborted.hold({ lastOffset: BigInt(last), producerId: entry.readBigInt64BE(43), inTransaction: batch.inTransaction, isControl: batch.isControlBatch });
  if (isAborted) return [placeholder(last, { isControlRecord: true })];
  const decoder = new Decoder(await recordsOf(entry.subarray(BATCH_HEADER), attributes & 7));
  const records = Array.from({ length: entry.readInt32BE(57) }, () => decodeWhole(decoder, batch));
  if (decoder.offset !== decoder.buffer.length) throw new Error('it does not hold as many bytes as its records say');
  // Compaction takes records out of a batch, and the last one moves the reader past the batch.
  if (records.at(-1)?.offset !== last) records.push(placeholder(last, { isControlRecord: true }));
  return records;
}

/** Of the formats before Kafka 0.11: one message, or one that holds many. kafkajs takes one that is cut off for none at all. */
async function decodeOldEntry(entry: Buffer): Promise<readonly WireMessage[]> {
  const { Decoder, decodeOldMessages } = wireProtocol();
  if (entry.readUInt32BE(BEFORE_BATCH) !== crc32(entry.subarray(16))) throw new Error('its checksum is wrong');
  const messages = await decodeOldMessages(new Decoder(entry), entry.length);
  if (messages.at(-1)?.offset !== lastOffsetOf(entry)) throw new Error('one of its messages is cut off');
  return messages;
}

function decodeWhole(decoder: WireDecoder, batch: BatchContext): WireMessage {
  const { Decoder, decodeRecord } = wireProtocol();
  const bytes = decoder.readVarIntBytes();
  const record = new Decoder(bytes!);
  const message = decodeRecord(record, batch);
  if (decoder.offset > decoder.buffer.length || record.offset >= record.buffer.length) throw new Error('one of its records is cut off');
  return message;
}

async function recordsOf(bytes: Buffer, codec: number): Promise<Buffer> {
  if (codec === 0) return bytes;
  if (!(codec in CODECS)) throw new Error(`it is compressed with codec ${codec}, which is not known`);
  return unpack(CODECS[codec as keyof typeof CODECS], bytes);
}

/** In kafkajs' form. */
function contextOf(entry: Buffer, attributes: number) {
  return {
    firstOffset: String(entry.readBigInt64BE(0)),
    partitionLeaderEpoch: entry.readInt32BE(12),
    magicByte: 2,
    inTransaction: (attributes & 0x10) > 0,
    isControlBatch: (attributes & 0x20) > 0,
    timestampType: (attributes & 8) >> 3,
    lastOffsetDelta: entry.readInt32BE(23),
    firstTimestamp: String(entry.readBigInt64BE(27)),
    maxTimestamp: String(entry.readBigInt64BE(35)),
    producerId: String(entry.readBigInt64BE(43)),
    producerEpoch: entry.readInt16BE(51),
    firstSequence: entry.readInt32BE(53),
  };
}

/** A fetch may begin in the midst of a batch; its last offset is never before that. */
function lastOffsetOf(entry: Buffer): string {
  const first = entry.readBigInt64BE(0);
  return String(entry.length >= BATCH_HEADER && entry.readInt8(16) >= 2 ? first + BigInt(entry.readInt32BE(23)) : first);
}

function standIn(offset: string, why: string): WireMessage {
  const value = { get: () => { throw new Error(`The batch that ends with offset ${offset} cannot be read: ${why}.`); } };
  return Object.defineProperty(placeholder(offset, { [UNREADABLE]: why }), 'value', value);
}

function placeholder(offset: string, further: object): WireMessage {
  const batchContext = { producerId: '-1', inTransaction: false };
  return { offset, key: null, value: null, headers: {}, timestamp: '0', attributes: 0, batchContext, ...further } as WireMessage;
}
