import { Ajv } from 'ajv';
import type { SchemaReference } from '../compatibility/schema-text.js';
import { SchemaError } from '../compatibility/schema.error.js';

export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
export type Keywords = Exclude<JsonSchema, boolean>;

/** A JSON Schema with its references. `$ref` can only point into this set: nothing is loaded from elsewhere. */
export interface JsonDocument {
  readonly root: JsonSchema;
  readonly others: ReadonlyMap<string, JsonSchema>;
}

/** Throws SchemaError. */
export function parseJsonSchema(text: string, references: readonly SchemaReference[] = []): JsonDocument {
  const root = parse(text);
  const others = new Map(references.map(({ name, text: other }) => [name, parse(other)]));
  const document = { root, others };
  checkKeywords(root, '#', document, 0);
  return document;
}

function parse(text: string): JsonSchema {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new SchemaError(`Not a JSON Schema: ${(cause as Error).message}`, { cause });
  }
  if (typeof parsed === 'boolean') return parsed;
  if (!isKeywords(parsed)) throw new SchemaError('Not a JSON Schema: neither an object nor a boolean.');
  return parsed;
}

export function isKeywords(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'integer', 'string']);
const SUBSCHEMAS = ['items', 'additionalItems', 'additionalProperties', 'contains', 'not', 'if', 'then', 'else', 'propertyNames'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const TABLES = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const MAX_DEPTH = 64;

function checkKeywords(schema: unknown, at: string, document: JsonDocument, depth: number): void {
  if (typeof schema === 'boolean') return;
  if (!isKeywords(schema)) throw new SchemaError(`${at} is no schema.`);
  if (depth > MAX_DEPTH) throw new SchemaError(`${at} is nested deeper than ${MAX_DEPTH}.`);
  for (const type of [schema.type ?? []].flat()) {
    if (typeof type !== 'string' || !TYPES.has(type)) throw new SchemaError(`${at}/type: ${JSON.stringify(type)} is no type.`);
  }
  if (schema.required !== undefined && !isStringList(schema.required)) throw new SchemaError(`${at}/required is no list of names.`);
  if (schema.$ref !== undefined) resolve(document, schema.$ref);
  for (const [keyword, sub] of subschemas(schema)) checkKeywords(sub, `${at}/${keyword}`, document, depth + 1);
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

/** Throws SchemaError for an unknown reference. */
function resolve({ root, others }: JsonDocument, ref: unknown): JsonSchema {
  if (typeof ref !== 'string') throw new SchemaError('$ref is no string.');
  const [name, pointer = ''] = ref.split('#', 2) as [string, string?];
  const base = name === '' || (isKeywords(root) && name === root.$id) ? root : others.get(name);
  const found = pointer
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, step) => (Object.hasOwn(Object(at), step) ? (at as Keywords)[step] : undefined), base);
  if (typeof found !== 'boolean' && !isKeywords(found)) throw new SchemaError(`$ref ${JSON.stringify(ref)} leads nowhere.`);
  return found;
}

/** Resolves `$ref`; keywords beside it are merged in. */
export function dereference(document: JsonDocument, schema: JsonSchema): JsonSchema {
  let at = schema;
  for (let steps = 0; isKeywords(at) && at.$ref !== undefined; steps++) {
    if (steps > MAX_DEPTH) throw new SchemaError(`$ref ${JSON.stringify(at.$ref)} leads in circles.`);
    const { $ref, $defs: _defs, definitions: _definitions, ...beside } = at;
    const target = resolve(document, $ref);
    if (target === false || Object.keys(beside).length === 0) at = target;
    else at = target === true ? beside : { ...target, ...beside };
  }
  return at;
}

/** Whether the value is valid. */
export function accepts(document: JsonDocument, schema: JsonSchema, value: unknown): boolean {
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, addUsedSchema: false, logger: false });
  for (const [name, other] of document.others) ajv.addSchema(withoutIds(other) as Keywords, name);
  const { $defs, definitions } = isKeywords(document.root) ? document.root : {};
  return ajv.validate(isKeywords(schema) ? { $defs, definitions, ...(withoutIds(schema) as Keywords) } : schema, value) as boolean;
}

function withoutIds(schema: JsonSchema): JsonSchema {
  if (!isKeywords(schema)) return schema;
  const { $id: _id, $schema: _dialect, ...rest } = schema;
  return rest;
}

/** True when the schema accepts every value. */
export function isOpen(schema: JsonSchema | undefined): boolean {
  return schema === undefined || schema === true || (isKeywords(schema) && Object.keys(schema).length === 0);
}
