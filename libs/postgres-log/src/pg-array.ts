const TEXT = 25;
const BYTEA = 17;

/**
 * Arrays in PostgreSQL's binary form. The driver would send one quoted string with bytes in hex: for a thousand records that
 * costs more than the insert itself.
 */
export function byteaArray(values: readonly (Buffer | null)[]): Buffer {
  return encode(BYTEA, values);
}

export function textArray(values: readonly string[]): Buffer {
  return encode(TEXT, values.map((value) => Buffer.from(value)));
}

function encode(elementType: number, values: readonly (Buffer | null)[]): Buffer {
  const size = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 20);
  const out = Buffer.allocUnsafe(size);
  // Dimensions, null flag, element type, length, lower bound.
  const head = [1, values.includes(null) ? 1 : 0, elementType, values.length, 1];
  for (const [i, word] of head.entries()) out.writeInt32BE(word, i * 4);
  let at = 20;
  for (const value of values) {
    if (value === null) {
      at = out.writeInt32BE(-1, at);
      continue;
    }
    at = out.writeInt32BE(value.length, at);
    at += value.copy(out, at);
  }
  return out;
}
