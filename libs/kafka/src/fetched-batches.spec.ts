import { createRequire } from 'node:module';
import { crc32, gzipSync } from 'node:zlib';
import { AbortedTransactions } from './aborted-transactions.js';
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
  readonly producer?: bigint;
}

/** Attributes, beside the codec. */
const TRANSACTION = 0x10;
const CONTROL = 0x20;

function batch(records: Buffer, { first = 10, magic = 2, codec = 0, count = 2, last = 1, producer = -1n }: Batch = {}): Buffer {
  const bytes = Buffer.alloc(61 + records.length);
  bytes.writeBigInt64BE(BigInt(first), 0);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt8(magic, 16);
  bytes.writeInt16BE(codec, 21);
  bytes.writeInt32BE(last, 23);
  bytes.writeBigInt64BE(producer, 43);
  bytes.writeInt32BE(count, 57);
  records.copy(bytes, 61);
  bytes.writeUInt32BE(crc32C(bytes.subarray(21)), 17);
  return bytes;
}

/** A message as Kafka kept it before 0.11: with its time (format 1), or without (format 0). */
function oldMessage(offset: number, magic: 0 | 1, value: Buffer, codec = 0): Buffer {
  const rest = Buffer.concat([Buffer.from([magic, codec]), Buffer.alloc(magic === 1 ? 8 : 0), Buffer.alloc(4, 0xff), Buffer.alloc(4), value]);
  rest.writeInt32BE(value.length, rest.length - value.length - 4);
  const head = Buffer.alloc(16);
  head.writeBigInt64BE(BigInt(offset), 0);
  head.writeInt32BE(4 + rest.length, 8);
  head.writeUInt32BE(crc32(rest), 12);
  return Buffer.concat([head, rest]);
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

  describe('of transactions', () => {
    const [one, other] = [7n, 8n];
    const order = (first: number, producer: bigint) => batch(record(0, 'a'), { first, count: 1, last: 0, codec: TRANSACTION, producer });
    const marker = (first: number, producer: bigint, type: 'abort' | 'commit') =>
      batch(Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, type === 'abort' ? 0 : 1, 0x01, 0]), { first, count: 1, last: 0, codec: TRANSACTION | CONTROL, producer });
    /** As the broker lists them: by their ends. */
    const aborted = [{ producerId: '8', firstOffset: '11' }, { producerId: '7', firstOffset: '10' }];
    const shown = async (batches: Buffer[], transactions = aborted) => {
      const messages = await decodeBatches(Buffer.concat(batches), new AbortedTransactions(transactions));
      expect(messages.at(-1)!.offset).toBe(String(batches.at(-1)!.readBigInt64BE(0)));
      return messages.filter(({ isControlRecord }) => !isControlRecord).map(({ offset }) => offset);
    };

    it('show nothing of those that were given up, though they lie between others', async () => {
      const log = [order(10, one), order(11, other), batch(record(0, 'b'), { first: 12, count: 1, last: 0 }), marker(13, other, 'abort'), order(14, other), marker(15, one, 'abort'), marker(16, other, 'commit')];
      expect(await shown(log)).toEqual(['12', '14']);
    });

    it('show nothing of those that had begun before the fetch, and everything of what came after them', async () => {
      expect(await shown([order(12, other), marker(13, other, 'abort'), order(14, other), marker(15, other, 'commit'), marker(16, one, 'abort')])).toEqual(['14']);
      expect(await shown([marker(13, other, 'abort'), order(14, other), order(15, other)])).toEqual(['14', '15']);
    });

    it('move the reader past what was given up where a fetch holds nothing else', async () => {
      expect(await shown([order(10, one), order(11, other)])).toEqual([]);
    });

    it('are not asked for what cannot be unpacked when it was given up', async () => {
      const damaged = batch(orders, { codec: TRANSACTION | 4, producer: one });
      expect(await shown([damaged, marker(12, one, 'abort')])).toEqual([]);
    });
  });

  describe('of the formats before Kafka 0.11', () => {
    it.each([0, 1] as const)('are read: format %i', async (magic) => {
      const messages = [oldMessage(5, magic, Buffer.from('a')), oldMessage(6, magic, Buffer.from('b'))];
      expect(await told(...messages, batch(orders))).toEqual(['5 a', '6 b', '10 a', '11 b']);
    });

    it('are read where one message holds many', async () => {
      const packed = gzipSync(Buffer.concat([oldMessage(0, 1, Buffer.from('a')), oldMessage(1, 1, Buffer.from('b'))]));
      expect(await told(oldMessage(6, 1, packed, 1))).toEqual(['5 a', '6 b']);
    });

    const changed = (message: Buffer, change: (bytes: Buffer) => void) => {
      change(message);
      return message;
    };
    const cutOff = oldMessage(0, 1, Buffer.from('a')).subarray(0, -1);

    it.each<[string, Buffer, RegExp]>([
      ['holds one that is cut off', oldMessage(6, 1, gzipSync(cutOff), 1), /cut off/],
      ['has a wrong checksum', changed(oldMessage(6, 1, Buffer.from('a')), (bytes) => bytes.writeUInt8(98, bytes.length - 1)), /checksum/],
      ['gzip did not pack, though it says so', oldMessage(6, 1, Buffer.from('a'), 1), /gzip cannot unpack it/],
    ])('hold their partition where one %s', async (_what, message, why) => {
      const [before, fault] = await decodeBatches(Buffer.concat([oldMessage(5, 1, Buffer.from('a')), message, batch(orders)]));
      expect(before).toMatchObject({ offset: '5' });
      expect(unreadable(fault)).toMatch(why);
    });
  });

  it('move the reader past records that compaction has removed, though no handler sees them', async () => {
    const [only] = await decodeBatches(batch(Buffer.alloc(0), { count: 0, last: 4 }));
    expect(only).toMatchObject({ offset: '14', isControlRecord: true });
  });
});
