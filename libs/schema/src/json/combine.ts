import { isKeywords } from './json-schema.js';
import type { JsonSchema, Keywords } from './json-schema.js';

export function without(schema: Keywords, ...names: readonly string[]): Keywords {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}

const LARGER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const SMALLER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** Merges schemas that all apply. For keywords that cannot be merged, the first schema wins. */
export function mergeAll(schemas: readonly JsonSchema[]): JsonSchema {
  return schemas.reduce((merged, next) => {
    if (merged === false || next === false) return false;
    if (merged === true) return next;
    return next === true ? merged : merge(merged, next);
  }, true);
}

function merge(a: Keywords, b: Keywords): JsonSchema {
  const merged: Record<string, unknown> = { ...b, ...a };
  for (const name of LARGER) keepBound(merged, a, b, name, Math.max);
  for (const name of SMALLER) keepBound(merged, a, b, name, Math.min);
  if (a.required && b.required) merged.required = [...new Set([...(a.required as string[]), ...(b.required as string[])])];
  if (isKeywords(a.properties) && isKeywords(b.properties)) merged.properties = mergeTables(a.properties, b.properties);
  if (isKeywords(a.patternProperties) && isKeywords(b.patternProperties)) {
    merged.patternProperties = mergeTables(a.patternProperties, b.patternProperties);
  }
  if (a.type !== undefined && b.type !== undefined) {
    const types = commonTypes([a.type].flat() as string[], [b.type].flat() as string[]);
    if (types.length === 0) return false;
    merged.type = types.length === 1 ? types[0] : types;
  }
  return merged;
}

function commonTypes(a: readonly string[], b: readonly string[]): string[] {
  return a.flatMap((type) => {
    if (b.includes(type)) return [type];
    if ((type === 'integer' && b.includes('number')) || (type === 'number' && b.includes('integer'))) return ['integer'];
    return [];
  });
}

function keepBound(merged: Record<string, unknown>, a: Keywords, b: Keywords, name: string, pick: typeof Math.max): void {
  if (typeof a[name] === 'number' && typeof b[name] === 'number') merged[name] = pick(a[name], b[name]);
}

function mergeTables(a: Keywords, b: Keywords): Keywords {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const both = (name: string) => [a[name], b[name]].filter((schema) => schema !== undefined) as JsonSchema[];
  return Object.fromEntries([...names].map((name) => [name, mergeAll(both(name))]));
}

/** The schema of the data that we write: objects have only the named properties. */
export function closed(schema: JsonSchema): JsonSchema {
  return map(schema, (keywords) =>
    isKeywords(keywords.properties) && keywords.additionalProperties === undefined
      ? { ...keywords, additionalProperties: false }
      : keywords,
  );
}

const TABLES = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const VALUES = new Set(['enum', 'const', 'default', 'examples', 'required', 'type']);

function map(schema: JsonSchema, change: (keywords: Keywords) => Keywords): JsonSchema {
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside);
    return isKeywords(value) ? map(value, change) : value;
  };
  if (!isKeywords(schema)) return schema;
  const entries = Object.entries(schema).map(([name, value]) => {
    if (VALUES.has(name)) return [name, value];
    if (!TABLES.has(name) || !isKeywords(value)) return [name, inside(value)];
    return [name, Object.fromEntries(Object.entries(value).map(([key, sub]) => [key, inside(sub)]))];
  });
  return change(Object.fromEntries(entries) as Keywords);
}
