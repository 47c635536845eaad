import { isKeywords } from './keywords.js';
import type { JsonSchema, Keywords } from './keywords.js';

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
