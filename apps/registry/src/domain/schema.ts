import { createHash } from 'node:crypto';
import { canonicalText, SchemaError } from '@nestbox/schema';
import type { SchemaFormat, SchemaReference, SchemaText } from '@nestbox/schema';
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

/** The text that is kept. Another spelling of it does not make another schema (see `fingerprint`). Throws 42201. */
export function canonical(format: SchemaFormat, text: string, normalize = false): string {
  const whole = canonicalOf(format, text, normalize);
  return format === 'PROTOBUF' ? text : whole;
}

/** Identifies a schema: it has the same id in all subjects. */
export function fingerprint({ format, text, references }: NewSchema, normalize = false): Buffer {
  const names = references.map(({ name, subject, version }) => [name, subject, version]);
  return createHash('sha256').update(JSON.stringify([format, canonicalOf(format, text, normalize), names])).digest();
}

function canonicalOf(format: SchemaFormat, text: string, normalize: boolean): string {
  try {
    return canonicalText({ format, text }, { normalize });
  } catch (error) {
    if (error instanceof SchemaError) throw invalidSchema(error.message);
    throw error;
  }
}

export function asText({ format, text }: NewSchema, references: readonly SchemaReference[]): SchemaText {
  return { format, text, references };
}
