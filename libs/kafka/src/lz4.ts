import { BeyondLimit } from './unpacked-limit.js';

const MAGIC = 0x184d2204;
/** By their number in the header of a frame. */
const BLOCK_SIZES: Partial<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };
const STORED = 0x80000000;

/**
 * Unpacks LZ4 frames, one after the other. Written here: the format is small, and the libraries in plain JavaScript neither
 * check lengths nor stop at a limit. Checksums are not compared: Kafka's own of the whole batch covers these bytes.
 */
export function unpackLz4(packed: Buffer, limit: number): Buffer {
  const blocks: Buffer[] = [];
  let left = limit;
  for (let at = 0; at < packed.length; ) {
    const frame = headerOf(packed, at);
    for (at = frame.start; ; ) {
      const word = packed.readUInt32LE(at);
      at += 4;
      if (word === 0) break;
      const end = at + (word & ~STORED);
      if (end > packed.length) throw new Error('a block of LZ4 is cut off');
      const bytes = packed.subarray(at, end);
      // Blocks may refer to the bytes of those before them, unless the frame says that they do not.
      const block: Buffer = word & STORED ? bytes : unpackBlock(bytes, frame.blockSize, frame.linked ? blocks : []);
      left -= block.length;
      if (left < 0) throw new BeyondLimit();
      blocks.push(block);
      at = end + frame.blockChecksum;
    }
    at += frame.contentChecksum;
    if (at > packed.length) throw new Error('a frame of LZ4 is cut off');
  }
  return Buffer.concat(blocks);
}

function headerOf(packed: Buffer, at: number) {
  if (packed.readUInt32LE(at) !== MAGIC) throw new Error('no frame of LZ4');
  const flags = packed.readUInt8(at + 4);
  const blockSize = BLOCK_SIZES[(packed.readUInt8(at + 5) >> 4) & 7];
  if (flags >> 6 !== 1 || blockSize === undefined || flags & 1) throw new Error('a frame of LZ4 of an unknown kind');
  return {
    start: at + (flags & 8 ? 15 : 7),
    blockSize,
    linked: (flags & 0x20) === 0,
    blockChecksum: flags & 0x10 ? 4 : 0,
    contentChecksum: flags & 4 ? 4 : 0,
  };
}

const REACH = 65_536;

function unpackBlock(packed: Buffer, most: number, before: readonly Buffer[]): Buffer {
  const history = Buffer.concat(before.slice(-2)).subarray(-REACH);
  const out = Buffer.alloc(history.length + most);
  history.copy(out);
  let to = history.length;
  let at = 0;
  const length = (first: number): number => {
    let sum = first;
    if (first !== 15) return sum;
    for (let byte = 255; byte === 255; sum += byte) byte = packed.readUInt8(at++);
    return sum;
  };
  while (at < packed.length) {
    const token = packed[at++]!;
    const literals = length(token >> 4);
    if (at + literals > packed.length || to + literals > out.length) throw new Error('a block of LZ4 is too long');
    packed.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at === packed.length) break;
    const back = packed.readUInt16LE(at);
    at += 2;
    const end = to + length(token & 15) + 4;
    if (back === 0 || back > to || end > out.length) throw new Error('a block of LZ4 refers to nothing, or is too long');
    for (let from = to - back; to < end; ) out[to++] = out[from++]!;
  }
  return out.subarray(history.length, to);
}
