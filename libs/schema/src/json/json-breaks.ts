import { isDeepStrictEqual } from 'node:util';
import { describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';
import { arrayBreaks } from './array-breaks.js';
import { mergeAll, without } from './combine.js';
import type { Compare } from './compare.js';
import { accepts, dereference } from './json-schema.js';
import type { JsonDocument, JsonSchema, Keywords } from './json-schema.js';
import { objectBreaks } from './object-breaks.js';
import { numberBreaks, stringBreaks } from './scalar-breaks.js';

const ALL_TYPES = ['null', 'boolean', 'object', 'array', 'number', 'string'];
/** Keywords without a rule below: safe only when both sides have the same value. */
const OPAQUE = ['not', 'if', 'then', 'else', 'dependentSchemas', 'unevaluatedProperties', 'unevaluatedItems', 'dependencies'];

/**
 * The reasons why data that is valid for the writer may be invalid for the reader. The comparison is structural and
 * conservative: equivalent schemas that are written too differently are reported as a break. `format` is an annotation and is
 * not compared.
 */
export function jsonBreaks(reader: JsonDocument, writer: JsonDocument): Break[] {
  // Recursive schemas: skips a pair that is already being compared further out.
  const under = new Map<JsonSchema, Set<JsonSchema>>();
  const compare: Compare = (readerSchema, writerSchema, path) => {
    const busy = under.get(readerSchema) ?? new Set();
    if (busy.has(writerSchema)) return [];
    under.set(readerSchema, busy.add(writerSchema));
    try {
      const ours = dereference(reader, readerSchema);
      const theirs = dereference(writer, writerSchema);
      return compareAt({ reader, compare, path }, ours, theirs);
    } finally {
      busy.delete(writerSchema);
    }
  };
  return distinct(compare(reader.root, writer.root, ''));
}

interface Comparison {
  readonly reader: JsonDocument;
  readonly compare: Compare;
  readonly path: string;
}

function compareAt(at: Comparison, reader: JsonSchema, writer: JsonSchema): Break[] {
  const { path, compare } = at;
  if (reader === true || writer === false) return [];
  if (reader === false) return [{ kind: 'PROPERTY_REFUSED', path, reason: `the reader allows nothing at ${describePath(path)}` }];
  const theirs: Keywords = writer === true ? {} : writer;
  if (theirs.$ref === undefined && !hasReferences(reader) && isDeepStrictEqual(reader, theirs)) return [];
  const branches = alternatives(theirs);
  if (branches) return branches.flatMap((branch) => compare(reader, branch, path));
  if (Array.isArray(reader.allOf)) {
    const parts = [without(reader, 'allOf'), ...(reader.allOf as JsonSchema[])];
    return parts.flatMap((part) => compare(part, theirs, path));
  }
  const choices = (reader.anyOf ?? reader.oneOf) as JsonSchema[] | undefined;
  if (choices) return [...compare(without(reader, 'anyOf', 'oneOf'), theirs, path), ...chosen(at, choices, theirs)];
  return [...opaqueBreaks(reader, theirs, path), ...plain(at, reader, theirs)];
}

/** The alternatives of a writer's schema; undefined when there is only one. */
function alternatives(writer: Keywords): JsonSchema[] | undefined {
  if (Array.isArray(writer.allOf)) return [mergeAll([without(writer, 'allOf'), ...(writer.allOf as JsonSchema[])])];
  const choices = writer.anyOf ?? writer.oneOf;
  if (Array.isArray(choices)) {
    const rest = without(writer, 'anyOf', 'oneOf');
    return (choices as JsonSchema[]).map((choice) => mergeAll([rest, choice]));
  }
  if (Array.isArray(writer.type) && writer.type.length > 1) return writer.type.map((type: unknown) => ({ ...writer, type }));
  return undefined;
}

function chosen({ compare, path }: Comparison, choices: readonly JsonSchema[], writer: Keywords): Break[] {
  const tries = choices.map((choice) => compare(choice, writer, path));
  if (tries.some((breaks) => breaks.length === 0)) return [];
  // The writer's listed values may match different branches.
  const values = valuesOf(writer);
  if (values && values.length > 1 && values.every((value) => choices.some((choice) => compare(choice, { const: value }, path).length === 0))) return [];
  const closest = tries.sort((a, b) => a.length - b.length)[0];
  return closest ?? [];
}

function opaqueBreaks(reader: Keywords, writer: Keywords, path: string): Break[] {
  return OPAQUE.filter((keyword) => reader[keyword] !== undefined && !isDeepStrictEqual(reader[keyword], writer[keyword])).map(
    (keyword) => ({ kind: 'CONDITION_CHANGED', path, reason: `the reader's "${keyword}" at ${describePath(path)} is not the writer's` }),
  );
}

function plain(at: Comparison, reader: Keywords, writer: Keywords): Break[] {
  const { path, compare } = at;
  const values = valuesOf(writer);
  if (values) return values.flatMap((value) => (accepts(at.reader, reader, value) ? [] : [refused(reader, value, path)]));
  if (valuesOf(reader)) {
    const reason = `the reader takes only certain values at ${describePath(path)}, the writer may send others`;
    return [{ kind: 'ENUM_ARRAY_NARROWED', path, reason }];
  }
  const types = typesOf(writer);
  const takes = typesOf(reader);
  const foreign = types.filter((type) => !takes.includes(type) && !(type === 'integer' && takes.includes('number')));
  if (foreign.length > 0) {
    const kind = foreign.length === types.length ? 'TYPE_CHANGED' : 'TYPE_NARROWED';
    const sent = types.length === ALL_TYPES.length ? 'anything' : foreign.join(' or ');
    return [{ kind, path, reason: `the reader takes ${takes.join(' or ')} at ${describePath(path)}, the writer may send ${sent}` }];
  }
  return [
    ...(types.includes('string') ? stringBreaks(reader, writer, path) : []),
    ...(types.includes('number') || types.includes('integer') ? numberBreaks(reader, writer, path) : []),
    ...(types.includes('object') ? objectBreaks(reader, writer, path, compare) : []),
    ...(types.includes('array') ? arrayBreaks(reader, writer, path, compare) : []),
  ];
}

function refused(reader: Keywords, value: unknown, path: string): Break {
  const kind = valuesOf(reader) ? 'ENUM_ARRAY_NARROWED' : 'TYPE_NARROWED';
  return { kind, path, reason: `the writer may send ${JSON.stringify(value)} at ${describePath(path)}, which the reader refuses` };
}

function valuesOf({ const: only, enum: several }: Keywords): unknown[] | undefined {
  if (only !== undefined) return [only];
  return Array.isArray(several) ? (several as unknown[]) : undefined;
}

function typesOf({ type }: Keywords): string[] {
  return type === undefined ? ALL_TYPES : ([type].flat() as string[]);
}

function hasReferences(schema: unknown): boolean {
  return JSON.stringify(schema).includes('"$ref"');
}

function distinct(breaks: readonly Break[]): Break[] {
  return [...new Map(breaks.map((one) => [`${one.kind} ${one.path} ${one.reason}`, one])).values()];
}
