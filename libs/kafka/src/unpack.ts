import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { unpackLz4 } from './lz4.js';
import { unpackSnappy } from './snappy.js';
import { BeyondLimit, unpackedLimit } from './unpacked-limit.js';

/** Kafka's numbers, as they stand in a batch. */
export const CODECS = { 1: 'gzip', 2: 'snappy', 3: 'lz4', 4: 'zstd' } as const;
export type Codec = (typeof CODECS)[keyof typeof CODECS];

const unpackers: Record<Codec, (packed: Buffer, limit: number) => Buffer | Promise<Buffer>> = {
  gzip: (packed, limit) => promisify(gunzip)(packed, { maxOutputLength: limit }),
  snappy: unpackSnappy,
  lz4: unpackLz4,
  zstd: unpackZstd,
};

/** The records of a compressed batch. Rejects when they cannot be had within the limit. Knows no client of Kafka. */
export async function unpack(codec: Codec, packed: Buffer, limit = unpackedLimit()): Promise<Buffer> {
  try {
    return await unpackers[codec](packed, limit);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const isBeyond = error instanceof BeyondLimit || code === 'ERR_BUFFER_TOO_LARGE';
    const mib = limit / 1024 / 1024;
    throw new Error(isBeyond ? `${codec} unpacks it to more than the ${mib} MiB that maxUnpackedBytes allows` : `${codec} cannot unpack it (${message})`, { cause: error });
  }
}

/** As a stream, because the bytes need not say how long they are unpacked. */
function unpackZstd(packed: Buffer, limit: number): Buffer {
  const pieces: Uint8Array[] = [];
  let left = limit;
  const stream = new Decompress((piece) => {
    left -= piece.length;
    if (left < 0) throw new BeyondLimit();
    pieces.push(piece);
  });
  stream.push(packed, true);
  return Buffer.concat(pieces);
}
