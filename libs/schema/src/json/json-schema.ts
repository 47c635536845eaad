import { parseExactJson } from '../compatibility/exact-json.js';
import type { SchemaReference } from '../compatibility/schema-text.js';
import { SchemaError } from '../compatibility/schema.error.js';
import { dialectOf, known } from './dialect.js';
import type { Dialect } from './dialect.js';
import { isKeywords } from './keywords.js';
import type { JsonSchema, Keywords } from './keywords.js';

export interface JsonText {
  readonly root: JsonSchema;
  readonly dialect: Dialect;
}

/** A JSON Schema with the schemas that it refers to, by the names that it calls them. */
export interface JsonDocument extends JsonText {
  readonly others: ReadonlyMap<string, JsonText>;
}

/** Throws SchemaError. */
export function parseJsonSchema(text: string, references: readonly SchemaReference[] = []): JsonDocument {
  const document = { ...parse(text), others: new Map(references.map(({ name, text: other }) => [name, parse(other)])) };
  for (const one of [document, ...document.others.values()]) checkKeywords(one.root, '#', one.dialect, 0);
  return document;
}

function parse(text: string): JsonText {
  const root = parsed(text);
  if (typeof root !== 'boolean' && !isKeywords(root)) throw new SchemaError('Not a JSON Schema: neither an object nor a boolean.');
  return { root, dialect: dialectOf(root, text) };
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (cause) {
    throw new SchemaError(`Not a JSON Schema: ${(cause as Error).message}`, { cause });
  }
}

const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'integer', 'string']);
const SUBSCHEMAS = [
  'items', 'additionalItems', 'unevaluatedItems', 'contains', 'additionalProperties', 'unevaluatedProperties', 'propertyNames',
  'not', 'if', 'then', 'else',
];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const TABLES = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const MAX_DEPTH = 64;

function checkKeywords(schema: unknown, at: string, dialect: Dialect, depth: number): void {
  if (typeof schema === 'boolean') return;
  if (!isKeywords(schema)) throw new SchemaError(`${at} is no schema.`);
  if (depth > MAX_DEPTH) throw new SchemaError(`${at} is nested deeper than ${MAX_DEPTH}.`);
  const { type, required } = known(schema, dialect);
  for (const one of [type ?? []].flat()) {
    if (typeof one !== 'string' || !TYPES.has(one)) throw new SchemaError(`${at}/type: ${JSON.stringify(one)} is no type.`);
  }
  if (required !== undefined && !isStringList(required)) throw new SchemaError(`${at}/required is no list of names.`);
  for (const [keyword, sub] of subschemas(schema)) checkKeywords(sub, `${at}/${keyword}`, dialect, depth + 1);
}

function* subschemas(schema: Keywords): Generator<[string, unknown]> {
  for (const keyword of SUBSCHEMAS) {
    const value = schema[keyword];
    if (value === undefined) continue;
    if (keyword === 'items' && Array.isArray(value)) for (const [n, sub] of value.entries()) yield [`items/${n}`, sub];
    else yield [keyword, value];
  }
  for (const keyword of LISTS) {
    for (const [n, sub] of (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : []).entries()) yield [`${keyword}/${n}`, sub];
  }
  for (const keyword of TABLES) {
    if (isKeywords(schema[keyword])) for (const [name, sub] of Object.entries(schema[keyword])) yield [`${keyword}/${name}`, sub];
  }
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
