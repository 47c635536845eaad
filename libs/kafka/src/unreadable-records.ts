/** No batch of a million bytes, packed, is expected to hold more. */
const MOST_RECORDS = 100_000;

/**
 * As many records as a batch can have, in Kafka's own encoding, that say why nobody has read theirs. They have the
 * offsets of a batch without holes, no key, and a value that is no envelope. The batch itself stays in the log.
 */
export function unreadableRecords(why: string): Buffer {
  const value = Buffer.from(`Refused: ${why}.`);
  const records: Buffer[] = [];
  for (let delta = 0; delta < MOST_RECORDS; delta++) {
    const body = Buffer.concat([Buffer.from([0, 0]), varInt(delta), varInt(-1), varInt(value.length), value, Buffer.from([0])]);
    records.push(varInt(body.length), body);
  }
  return Buffer.concat(records);
}

/** Zigzag, seven bits a byte, least significant first. */
function varInt(value: number): Buffer {
  const bytes: number[] = [];
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
