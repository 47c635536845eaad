import type { SchemaText } from '../compatibility/schema-text.js';
import { SchemaError } from '../compatibility/schema.error.js';
import { avroDecoder, avroEncoder, avroType } from './avro-codec.js';
import { protobufDecoder, protobufEncoder, protobufMessages } from './protobuf-codec.js';

/** Encodes data. The encoder throws SchemaError, which names the path but never the value. */
export function encoderOf({ format, text }: SchemaText): (data: unknown) => Buffer {
  if (format === 'AVRO') return avroEncoder(text);
  if (format === 'PROTOBUF') return protobufEncoder(text);
  return (data) => Buffer.from(JSON.stringify(data));
}

/**
 * Decodes bytes of `writer`, resolved to `reader` when both have the same format. `indexes` select a Protobuf message. Throws
 * SchemaError for an invalid schema; the decoder throws it for invalid bytes.
 */
export function decoderOf(writer: SchemaText, reader?: SchemaText, indexes: readonly number[] = [0]): (bytes: Buffer) => unknown {
  const same = reader?.format === writer.format ? reader : undefined;
  if (writer.format === 'AVRO') {
    return resolved(() => avroDecoder(avroType(writer.text, writer.references), same && avroType(same.text, same.references)));
  }
  if (writer.format === 'PROTOBUF') {
    const { text, references } = same ?? writer;
    return protobufDecoder(protobufMessages(text, references), same ? [0] : indexes);
  }
  return (bytes) => {
    try {
      return JSON.parse(bytes.toString('utf8')) as unknown;
    } catch (cause) {
      throw new SchemaError('The bytes are no JSON.', { cause });
    }
  };
}

function resolved<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof SchemaError) throw cause;
    throw new SchemaError(`The writer's schema does not resolve to the reader's: ${(cause as Error).message}`, { cause });
  }
}
