import avsc from 'avsc';
import type { SchemaReference } from '../compatibility/schema-text.js';
import { SchemaError } from '../compatibility/schema.error.js';
import { parseAvro, readAvro } from '../avro/avro-schema.js';
import type { AvroSchema } from '../avro/avro-schema.js';
import { exactJson } from '../compatibility/exact-json.js';
import type { SchemaIssues } from './schema-issues.js';

/** Parses a schema. Unions that JSON data can tell apart need no wrapping. */
export function avroType(text: string, references: readonly SchemaReference[] = []): avsc.Type {
  const { root } = parseAvro(text, references);
  const registry: Record<string, avsc.Type> = {};
  for (const { text: other } of references) avsc.Type.forSchema(plain(readAvro(other)), { registry });
  return avsc.Type.forSchema(plain(root), { registry });
}

/** avsc knows JavaScript's numbers only. */
function plain(schema: AvroSchema): avsc.Schema {
  return JSON.parse(exactJson(schema)) as avsc.Schema;
}

export function avroEncoder(text: string): (data: unknown) => Buffer {
  const type = avroType(text);
  return (data) => {
    try {
      return type.toBuffer(data);
    } catch (cause) {
      // avsc's own message repeats the value, which may be personal.
      const at = issuesOf(type, data).map(({ path }) => path?.join('.') || 'the whole').join(', ');
      throw new SchemaError(`The data does not fit its Avro schema: ${at}.`, { cause });
    }
  };
}

/** Decodes bytes of `writer`, resolved to `reader` if given. Throws SchemaError for invalid bytes. */
export function avroDecoder(writer: avsc.Type, reader: avsc.Type | undefined): (bytes: Buffer) => unknown {
  const resolver = reader?.createResolver(writer);
  const type = reader ?? writer;
  return (bytes) => {
    try {
      return withoutNulls(type.fromBuffer(bytes, resolver));
    } catch (cause) {
      throw new SchemaError('The bytes do not fit their Avro schema.', { cause });
    }
  };
}

export function issuesOf(type: avsc.Type, data: unknown): SchemaIssues {
  const issues: { message: string; path: string[] }[] = [];
  type.isValid(data, { errorHook: (path, _value, at) => issues.push({ path: [...path], message: `Expected ${at.typeName}` }) });
  return issues;
}

/** Removes null fields: Avro marks an absent field with null. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const plain: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inside = (value as Record<string, unknown>)[name];
    if (inside !== null && inside !== undefined) plain[name] = withoutNulls(inside);
  }
  return plain;
}
