import type { SchemaText } from '../compatibility/schema-text.js';
import { SchemaError } from '../compatibility/schema.error.js';
import { avroDecoder, avroEncoder, avroType } from './avro-codec.js';
import { protobufDecoder, protobufEncoder, protobufMessages } from './protobuf-codec.js';

/** Turns data into the bytes of its schema. Throws SchemaError, naming the place and never the value. */
export function encoderOf({ format, text }: SchemaText): (data: unknown) => Buffer {
  if (format === 'AVRO') return avroEncoder(text);
  if (format === 'PROTOBUF') return protobufEncoder(text);
  return (data) => Buffer.from(JSON.stringify(data));
}

/**
 * Reads bytes written under `writer` as `reader` has them, where that speaks the same format; otherwise as the writer
 * meant them. `indexes` choose a Protobuf message. Throws SchemaError, here or when the bytes do not fit.
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
