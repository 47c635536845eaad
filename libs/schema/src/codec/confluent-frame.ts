import { SchemaError } from '../compatibility/schema.error.js';
import type { SchemaFormat } from '../compatibility/schema-text.js';

/** Confluent's wire format: a zero byte, the schema's id in four bytes, and for Protobuf the message's indexes. */
const MAGIC = 0;
const HEADER_BYTES = 5;
const MAX_INDEXES = 64;

export interface Frame {
  readonly schemaId: number;
  /** The bytes after the id. */
  readonly rest: Buffer;
}

/** JSON never starts with a zero byte. */
export function isFramed(value: Buffer | null): value is Buffer {
  return value !== null && value.length > 0 && value[0] === MAGIC;
}

/** For Protobuf, `payload` must be the schema's first message. */
export function frame(format: SchemaFormat, schemaId: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + (format === 'PROTOBUF' ? 1 : 0));
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, payload]);
}

/** Throws SchemaError when the value is too short for an id. */
export function unframe(value: Buffer): Frame {
  if (value.length < HEADER_BYTES) throw new SchemaError('The value ends before its schema id does.');
  return { schemaId: value.readUInt32BE(1), rest: value.subarray(HEADER_BYTES) };
}

/** Splits the bytes after a Protobuf schema's id into message indexes and payload. */
export function splitIndexes(rest: Buffer): { indexes: number[]; payload: Buffer } {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = rest[at++];
      if (byte === undefined) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new SchemaError('The message indexes of the Protobuf record are broken.');
  };
  const count = next();
  if (count < 0 || count > MAX_INDEXES) throw new SchemaError('The message indexes of the Protobuf record are broken.');
  const indexes = count === 0 ? [0] : Array.from({ length: count }, next);
  return { indexes, payload: rest.subarray(at) };
}
