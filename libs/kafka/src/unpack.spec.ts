import { gzipSync } from 'node:zlib';
import { CODECS, unpack } from './unpack.js';
import { MAX_UNPACKED_BYTES, unpackUpTo } from './unpacked-limit.js';

const text = 'order-0 holds a blue mug; order-1 holds a blue mug; order-2 holds a blue mug; ';
/** The text, as Kafka's own client for Java packs it. */
const packed = {
  gzip: 'H4sIAAAAAAAA/8svSkkt0jVQyMjPSSlWSFRIyilNVcgtTbdWyAfLGOKUMcIiAwBIbY6PTgAAAA==',
  snappy: 'glNOQVBQWQAAAAABAAAAAQAAAChOZG9yZGVyLTAgaG9sZHMgYSBibHVlIG11ZzsgCRoAMWIaAAAyShoA',
  lz4: 'BCJNGGBAgi0AAADyC29yZGVyLTAgaG9sZHMgYSBibHVlIG11ZzsgGgAfMRoABhoyGgBQbXVnOyAAAAAA',
  zstd: 'KLUv/QBYNAEA4G9yZGVyLTAgaG9sZHMgYSBibHVlIG11ZzsgMTIDACARsK49zDEBAAA=',
};
const codecs = Object.values(CODECS);
const MIB = 1024 * 1024;

/** 4 MiB of one byte: a literal, then a match that goes on as long as a block may. */
function lz4Block(): Buffer {
  const run = 4 * MIB - 1 - 4 - 15 - 5;
  return Buffer.concat([Buffer.from([0x1f, 0, 1, 0]), Buffer.alloc(Math.floor(run / 255), 255), Buffer.from([run % 255, 0x50, 0, 0, 0, 0, 0])]);
}

function lz4Bomb(blocks: number): Buffer {
  const block = lz4Block();
  const length = Buffer.alloc(4);
  length.writeUInt32LE(block.length);
  const framed = Array.from({ length: blocks }, () => [length, block]).flat();
  return Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0]), ...framed, Buffer.alloc(4)]);
}

/** A frame that does not say how long it is, of blocks that repeat one byte. */
function zstdBomb(blocks: number): Buffer {
  const block = (isLast: boolean) => Buffer.from([Number(isLast) | 2, 0, 16, 0]);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]), ...Array.from({ length: blocks }, (_, n) => block(n === blocks - 1))]);
}

/** One byte, and copies of it, 64 at a time. */
function snappyBomb(mib: number): Buffer {
  const size = mib * MIB;
  const copies = Buffer.alloc(3 * (size / 64), Buffer.from([0xfe, 1, 0]));
  copies[copies.length - 3] = (62 << 2) | 2;
  return Buffer.concat([Buffer.from([(size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, ((size >> 14) & 0x7f) | 0x80, size >> 21, 0, 7]), copies]);
}

const bombs = {
  gzip: (mib: number) => gzipSync(Buffer.alloc(mib * MIB)),
  snappy: snappyBomb,
  lz4: (mib: number) => lz4Bomb(mib / 4),
  zstd: (mib: number) => zstdBomb(mib * 8),
};

describe.each(codecs)('what %s has packed', (codec) => {
  it('is unpacked, as the client for Java writes it', async () => {
    expect(String(await unpack(codec, Buffer.from(packed[codec], 'base64')))).toBe(text);
  });

  it('is unpacked up to the limit, and refused above it before the memory is spent', async () => {
    expect(await unpack(codec, bombs[codec](16))).toHaveLength(MAX_UNPACKED_BYTES);
    const before = process.memoryUsage().rss;
    await expect(unpack(codec, bombs[codec](400 / 4))).rejects.toThrow(`${codec} unpacks it to more than the 16 MiB that maxUnpackedBytes allows`);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  it('is not told to be too much when it is damaged', async () => {
    await expect(unpack(codec, Buffer.from(packed[codec], 'base64').subarray(0, -12))).rejects.toThrow(`${codec} cannot unpack it (`);
  });

  it('is refused when it is cut off anywhere', async () => {
    const whole = Buffer.from(packed[codec], 'base64');
    for (let length = 1; length < whole.length; length++) {
      const cut = await unpack(codec, whole.subarray(0, length)).then(String, () => 'refused');
      expect([length, cut]).toEqual([length, 'refused']);
    }
  });
});

it('a bare block of snappy, as clients other than Java send it, is unpacked', async () => {
  const block = Buffer.concat([Buffer.from([text.length, 60 << 2, text.length - 1]), Buffer.from(text)]);
  expect(String(await unpack('snappy', block))).toBe(text);
});

// Last: it holds for the whole process.
it('more is unpacked where an option allows it, and never less than without', async () => {
  unpackUpTo(undefined);
  unpackUpTo(1);
  expect(await unpack('gzip', bombs.gzip(16))).toHaveLength(16 * MIB);
  unpackUpTo(20 * MIB);
  unpackUpTo(undefined);
  for (const codec of codecs) expect(await unpack(codec, bombs[codec](20))).toHaveLength(20 * MIB);
  await expect(unpack('gzip', bombs.gzip(21))).rejects.toThrow('more than the 20 MiB that maxUnpackedBytes allows');
});
