import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { patchClient } from './client-patches.js';
import { decodeBatches, unreadable } from './fetched-batches.js';

const require = createRequire(import.meta.url);
const crc32C = require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;

/** A record with its offset in the batch, no key, a value of one letter, no headers. */
const record = (delta: number, letter: string) => Buffer.from([16, 0, 0, delta * 2, 1, 2, letter.charCodeAt(0), 0, 0]);
const orders = Buffer.concat([record(0, 'a'), record(1, 'b')]);

interface Batch {
  readonly first?: number;
  readonly magic?: number;
  readonly codec?: number;
  readonly count?: number;
  readonly last?: number;
}

function batch(records: Buffer, { first = 10, magic = 2, codec = 0, count = 2, last = 1 }: Batch = {}): Buffer {
  const bytes = Buffer.alloc(61 + records.length);
  bytes.writeBigInt64BE(BigInt(first), 0);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt8(magic, 16);
  bytes.writeInt16BE(codec, 21);
  bytes.writeInt32BE(last, 23);
  bytes.writeBigInt64BE(-1n, 43);
  bytes.writeInt32BE(count, 57);
  records.copy(bytes, 61);
  bytes.writeUInt32BE(crc32C(bytes.subarray(21)), 17);
  return bytes;
}

const told = async (...batches: Buffer[]) =>
  (await decodeBatches(Buffer.concat(batches))).map((message) => unreadable(message) ?? `${message.offset} ${message.value}`);

describe('fetched batches', () => {
  beforeAll(() => patchClient(() => undefined));

  it('are read, packed or not', async () => {
    expect(await told(batch(orders), batch(gzipSync(orders), { first: 12, codec: 1 }))).toEqual(['10 a', '11 b', '12 a', '13 b']);
  });

  it('end where the fetch was cut', async () => {
    expect(await told(batch(orders), batch(orders).subarray(0, -1))).toEqual(['10 a', '11 b']);
  });

  it.each<[string, Buffer, RegExp]>([
    ['a format that is not known', batch(orders, { magic: 3 }), /its format 3 is not known/],
    ['a codec that is not known', batch(orders, { codec: 5 }), /codec 5, which is not known/],
    ['fewer records than it says', batch(record(0, 'a')), /./],
    ['more bytes than its records', batch(orders, { count: 1 }), /as many bytes as its records say/],
    ['a record that is cut off', batch(orders.subarray(0, -3)), /cut off/],
    ['bytes that gzip did not pack', batch(orders, { codec: 1 }), /gzip cannot unpack it/],
    ['bytes that Snappy did not pack', batch(orders, { codec: 2 }), /snappy cannot unpack it/],
    ['bytes that LZ4 did not pack', batch(orders, { codec: 3 }), /lz4 cannot unpack it/],
    ['bytes that Zstandard did not pack', batch(orders, { codec: 4 }), /zstd cannot unpack it/],
  ])('stop before one with %s, after what comes before it, and nothing stands for its records', async (_what, faulty, why) => {
    const messages = await decodeBatches(Buffer.concat([batch(orders, { first: 8 }), faulty, batch(orders, { first: 12 })]));
    expect(messages.map(({ offset }) => offset)).toEqual(['8', '9', '11']);
    expect(unreadable(messages[2])).toMatch(why);
    expect(() => messages[2]!.value).toThrow('The batch that ends with offset 11 cannot be read');
  });

  it('stop before one whose checksum is wrong', async () => {
    const faulty = batch(orders);
    faulty[64] ^= 1;
    expect(await told(faulty)).toEqual(['its checksum is wrong']);
  });

  it('move the reader past records that compaction has removed, though no handler sees them', async () => {
    const [only] = await decodeBatches(batch(Buffer.alloc(0), { count: 0, last: 4 }));
    expect(only).toMatchObject({ offset: '14', isControlRecord: true });
  });
});
