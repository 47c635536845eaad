/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;
const STEP = 8;
/** tables[n][byte]: what a byte comes to when n more bytes have followed. */
const tables = tablesOf(STEP);
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

/**
 * CRC-32C of Kafka's batches, eight bytes at a time: kafkajs' own takes one, and would cost more than the rest of reading
 * a record.
 */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1;
  let at = 0;
  for (const whole = bytes.length - (bytes.length % STEP); at < whole; at += STEP) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      t7[crc & 255]! ^ t6[(crc >>> 8) & 255]! ^ t5[(crc >>> 16) & 255]! ^ t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^ t2[bytes[at + 5]!]! ^ t1[bytes[at + 6]!]! ^ t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function tablesOf(count: number): Int32Array[] {
  const made: Int32Array[] = [];
  for (let n = 0; n < count; n++) {
    const before = made[n - 1];
    made.push(Int32Array.from({ length: 256 }, (_, byte) => (before ? made[0]![before[byte]! & 255]! ^ (before[byte]! >>> 8) : ofByte(byte))));
  }
  return made;
}

function ofByte(byte: number): number {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
}
