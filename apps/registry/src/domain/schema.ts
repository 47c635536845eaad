import { createHash } from 'node:crypto';
import { requireValid, SchemaError } from '@nestbox/schema';
import type { SchemaFormat, SchemaReference, SchemaText } from '@nestbox/schema';
import { canonicalAvro } from './avro-canonical.js';
import { invalidSchema } from './registry.errors.js';

/** A reference to a schema of another subject. */
export interface Reference {
  /** Its name in the text: a `$ref`, a type name or an import. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface NewSchema {
  readonly format: SchemaFormat;
  readonly text: string;
  readonly references: readonly Reference[];
}

export interface RegisteredSchema extends NewSchema {
  readonly id: number;
}

export interface SubjectVersion extends RegisteredSchema {
  readonly subject: string;
  readonly version: number;
  readonly deleted: boolean;
}

/** Normalises white space and, for Avro, key order: such differences do not make another schema. Throws 42201. */
export function canonical(format: SchemaFormat, text: string): string {
  if (format === 'PROTOBUF') return text;
  const bare = text.trim();
  if (format === 'AVRO' && /^[a-z]+$/.test(bare)) return JSON.stringify(bare);
  try {
    const parsed = JSON.parse(text) as unknown;
    return JSON.stringify(format === 'AVRO' ? canonicalAvro(parsed) : parsed);
  } catch (cause) {
    throw invalidSchema((cause as Error).message);
  }
}

/** Identifies a schema: it has the same id in all subjects. */
export function fingerprint({ format, text, references }: NewSchema): Buffer {
  const names = references.map(({ name, subject, version }) => [name, subject, version]);
  return createHash('sha256').update(JSON.stringify([format, text, names])).digest();
}

/** Throws 42201 when the text is not a schema of its format. */
export function requireSchema(schema: SchemaText): void {
  try {
    requireValid(schema);
  } catch (error) {
    if (error instanceof SchemaError) throw invalidSchema(error.message);
    throw error;
  }
}

export function asText({ format, text }: NewSchema, references: readonly SchemaReference[]): SchemaText {
  return { format, text, references };
}
