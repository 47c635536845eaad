const TEXT = 25;
const BYTEA = 17;

/**
 * Arrays in PostgreSQL's binary form. The driver would spell them as one quoted string, bytes in hex: for a batch of
 * a thousand records that costs more than the insert itself.
 */
export function byteaArray(values: readonly Buffer[]): Buffer {
  return encode(BYTEA, values);
}

export function textArray(values: readonly string[]): Buffer {
  return encode(TEXT, values.map((value) => Buffer.from(value)));
}

function encode(elementType: number, values: readonly Buffer[]): Buffer {
  const size = values.reduce((sum, value) => sum + 4 + value.length, 20);
  const out = Buffer.allocUnsafe(size);
  // One dimension, no nulls, the element's type, how many, counted from 1.
  for (const [i, word] of [1, 0, elementType, values.length, 1].entries()) out.writeInt32BE(word, i * 4);
  let at = 20;
  for (const value of values) {
    at = out.writeInt32BE(value.length, at);
    at += value.copy(out, at);
  }
  return out;
}
