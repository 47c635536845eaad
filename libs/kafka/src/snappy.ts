import { BeyondLimit } from './unpacked-limit.js';

/** Java's producer cuts its bytes in chunks, each with its length before it; others send one bare block. */
const CHUNKED = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0]);

/**
 * Unpacks what the producers of Kafka pack with Snappy. Written here: the format is small, and the library in plain JavaScript
 * gives zeros, or what lay in the memory, for a block that is cut off.
 */
export function unpackSnappy(packed: Buffer, limit: number): Buffer {
  if (!packed.subarray(0, CHUNKED.length).equals(CHUNKED)) return unpackBlock(packed, limit);
  if (packed.length === CHUNKED.length + 8) throw new Error('it holds nothing');
  const chunks: Buffer[] = [];
  let left = limit;
  // Two numbers for versions follow, which no reader compares.
  for (let at = CHUNKED.length + 8; at !== packed.length; ) {
    const start = at + 4;
    at = start + packed.readInt32BE(at);
    if (at < start || at > packed.length) throw new Error('a chunk is cut off');
    const chunk = unpackBlock(packed.subarray(start, at), left);
    left -= chunk.length;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unpackBlock(packed: Buffer, limit: number): Buffer {
  let [at, size] = [0, 0];
  for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
    byte = packed.readUInt8(at++);
    size += (byte & 0x7f) * 2 ** shift;
  }
  if (size > limit) throw new BeyondLimit();
  const out = Buffer.alloc(size);
  let to = 0;
  while (at < packed.length) {
    const tag = packed[at++]!;
    const wide = tag & 3;
    let length = (tag >> 2) + 1;
    if (wide === 0) {
      const more = Math.max(0, length - 60);
      if (more > 0) length = packed.readUIntLE(at, more) + 1;
      at += more;
      if (at + length > packed.length || to + length > size) throw new Error('a block is cut off, or too long');
      packed.copy(out, to, at, (at += length));
      to += length;
      continue;
    }
    if (wide === 1) length = ((tag >> 2) & 7) + 4;
    const bytes = wide === 3 ? 4 : wide;
    const back = packed.readUIntLE(at, bytes) + (wide === 1 ? (tag >> 5) << 8 : 0);
    at += bytes;
    if (back === 0 || back > to || to + length > size) throw new Error('a block refers to nothing, or is too long');
    for (const end = to + length; to < end; to++) out[to] = out[to - back]!;
  }
  if (to !== size) throw new Error('a block is cut off');
  return out;
}
