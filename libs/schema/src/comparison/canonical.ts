import { canonicalAvro } from '../avro/canonical-avro.js';
import { exactJson, parseExactJson, valueKey } from '../compatibility/exact-json.js';
import type { SchemaText } from '../compatibility/schema-text.js';
import { canonicalProtobuf } from '../protobuf/protobuf-schema.js';

export interface Canonical {
  /** Also without the order of what has none, as Confluent's `normalize=true` asks for. */
  readonly normalize?: boolean;
}

/**
 * One text for every spelling of the same schema: it is what identifies it. For Avro and JSON it is a schema itself. Numbers are
 * kept as they are. Throws SchemaError.
 */
export function canonicalText({ format, text }: SchemaText, { normalize = false }: Canonical = {}): string {
  if (format === 'AVRO') return canonicalAvro(text, normalize);
  if (format === 'PROTOBUF') return canonicalProtobuf(text, normalize);
  const schema = parseExactJson(text);
  return normalize ? valueKey(schema) : exactJson(schema);
}
