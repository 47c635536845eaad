const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/**
 * The 32-bit murmur2 of Kafka's Java client (org.apache.kafka.common.utils.Utils), as a signed integer. Every producer (a
 * Java client, kafkajs, the embedded log) must choose the same partition for a key.
 */
export function murmur2(data: Uint8Array): number {
  const length = data.length;
  let h = SEED ^ length;
  const end = length & ~3;
  for (let i = 0; i < end; i += 4) {
    let k = data[i] | (data[i + 1] << 8) | (data[i + 2] << 16) | (data[i + 3] << 24);
    k = Math.imul(k, M);
    k ^= k >>> R;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  h = mixTail(h, data, end);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

function mixTail(hash: number, data: Uint8Array, end: number): number {
  const rest = data.length - end;
  if (rest === 0) return hash;
  let h = hash;
  if (rest === 3) h ^= data[end + 2] << 16;
  if (rest >= 2) h ^= data[end + 1] << 8;
  return Math.imul(h ^ data[end], M);
}

/** A reused buffer saves one allocation per record. */
const scratch = Buffer.allocUnsafeSlow(2048);

/** As in Java: the sign bit is masked, not negated. */
export function partitionOf(key: string | Uint8Array, partitions: number): number {
  return (murmur2(typeof key === 'string' ? bytesOf(key) : key) & 0x7fffffff) % partitions;
}

function bytesOf(key: string): Uint8Array {
  // UTF-8 takes at most three bytes per UTF-16 unit.
  if (key.length * 3 > scratch.length) return Buffer.from(key);
  return scratch.subarray(0, scratch.write(key, 0, 'utf8'));
}
