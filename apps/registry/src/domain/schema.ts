import { createHash } from 'node:crypto';
import { requireValid, SchemaError } from '@nestbox/schema';
import type { SchemaFormat, SchemaReference, SchemaText } from '@nestbox/schema';
import { canonicalAvro } from './avro-canonical.js';
import { invalidSchema } from './registry.errors.js';

/** A schema of another subject that this one builds upon. */
export interface Reference {
  /** What the text calls it: a `$ref`, a type's name, an import. */
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

/** Two texts that differ in white space alone, or (Avro) in the order of their keys, are one schema. Throws 42201. */
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

/** The same schema has one id, in whichever subjects it is registered. */
export function fingerprint({ format, text, references }: NewSchema): Buffer {
  const names = references.map(({ name, subject, version }) => [name, subject, version]);
  return createHash('sha256').update(JSON.stringify([format, text, names])).digest();
}

/** Throws 42201 when the text is no schema of its format. */
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
