import { invalidRequest, invalidSchema, invalidVersion } from '../domain/registry.errors.js';
import { canonical } from '../domain/schema.js';
import type { NewSchema, Reference, SubjectVersion } from '../domain/schema.js';
import type { SchemaFormat } from '@nestbox/schema';
import { descriptorOfText } from '@nestbox/schema';

const MAX_VERSION = 2 ** 31 - 1;
const FORMATS = ['AVRO', 'JSON', 'PROTOBUF'];

/** Part of a list: `offset` and `limit`. Anything but a whole number counts as not said, as Confluent's does for -1. */
export function paged<T>(all: readonly T[], { offset, limit }: Page): T[] {
  const from = whole(Number(offset)) ?? 0;
  const count = whole(Number(limit));
  return all.slice(from, count === undefined ? undefined : from + count);
}

export interface Page {
  readonly offset?: string;
  readonly limit?: string;
}

function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

export interface SchemaRequest {
  readonly schema: NewSchema;
  readonly id?: number;
  readonly version?: number;
}

/** Parses `{ schema, schemaType?, references?, id?, version? }`. Throws 422 or 42201. */
export function schemaRequest(body: unknown, normalize = false): SchemaRequest {
  const { schema, schemaType = 'AVRO', references, id, version } = (body ?? {}) as Record<string, unknown>;
  if (typeof schema !== 'string' || schema.trim() === '') throw invalidSchema('Empty schema');
  const format = String(schemaType ?? 'AVRO').toUpperCase();
  if (!FORMATS.includes(format)) throw invalidSchema(`Invalid schema type ${String(schemaType).slice(0, 50)}`);
  const text = canonical(format as SchemaFormat, schema, normalize);
  return { schema: { format: format as SchemaFormat, text, references: referencesOf(references) }, id: whole(id), version: whole(version) };
}

function referencesOf(given: unknown): Reference[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw invalidRequest('references must be a list');
  return given.map((one) => {
    const { name, subject, version } = (one ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof subject !== 'string' || typeof version !== 'number') {
      throw invalidRequest('Each reference needs a name, a subject and a version');
    }
    return { name, subject, version };
  });
}

/** `latest` and -1 mean the highest version. Throws 42202. */
export function versionIn(text: string): number | 'latest' {
  if (text === 'latest' || text === '-1') return 'latest';
  const version = /^\d+$/.test(text) ? Number(text) : 0;
  if (version < 1 || version > MAX_VERSION) throw invalidVersion(text);
  return version;
}

export function isTrue(text: string | undefined): boolean {
  return text === 'true';
}

/** Without `schemaType` the format is AVRO. */
export function schemaBody({ format, text, references }: NewSchema, asked?: string) {
  return {
    ...(format === 'AVRO' ? {} : { schemaType: format }),
    ...(references.length > 0 ? { references } : {}),
    schema: asked === 'serialized' && format === 'PROTOBUF' ? serialized(text) : text,
  };
}

/** Protobuf clients request the descriptor; some also register it. */
function serialized(text: string): string {
  return /[\s;{"]/.test(text.trim()) ? descriptorOfText(text, 'schema.proto') : text;
}

export function versionBody(found: SubjectVersion, asked?: string) {
  return { subject: found.subject, version: found.version, id: found.id, ...schemaBody(found, asked) };
}
