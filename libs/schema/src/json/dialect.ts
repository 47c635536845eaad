import { SchemaError } from '../compatibility/schema.error.js';
import type { JsonSchema, Keywords } from './keywords.js';

/** The drafts of JSON Schema that differ in what their keywords mean. */
export type Dialect = 4 | 6 | 7 | 2019 | 2020;

const DRAFTS: readonly [RegExp, Dialect][] = [
  [/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, 2020],
  [/^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, 2019],
  [/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, 7],
  [/^https?:\/\/json-schema\.org\/draft-06\/schema#?$/, 6],
  [/^https?:\/\/json-schema\.org\/(draft-04\/)?schema#?$/, 4],
];

/** By keyword: the first draft that knows it. All others are known to every draft. */
const SINCE: Readonly<Record<string, Dialect>> = {
  const: 6, contains: 6, propertyNames: 6,
  if: 7, then: 7, else: 7,
  dependentRequired: 2019, dependentSchemas: 2019, minContains: 2019, maxContains: 2019, unevaluatedItems: 2019,
  unevaluatedProperties: 2019, $anchor: 2019, $recursiveRef: 2019, $recursiveAnchor: 2019,
  prefixItems: 2020, $dynamicRef: 2020, $dynamicAnchor: 2020,
};

/** A schema that names no draft and has one of these was written by a tool of 2019 or later. */
const MODERN = /"(\$defs|prefixItems|unevaluatedItems|unevaluatedProperties|dependentRequired|dependentSchemas|minContains|maxContains|\$anchor|\$dynamicRef)"\s*:/;

/** The draft that a schema says it is of. Without one: draft 7, as Confluent takes it, unless a later draft's keyword is there. */
export function dialectOf(schema: JsonSchema, text: string): Dialect {
  const named = typeof schema === 'object' ? schema.$schema : undefined;
  if (named === undefined) return MODERN.test(text) ? 2020 : 7;
  if (typeof named !== 'string') throw new SchemaError('Not a JSON Schema: $schema is no string.');
  const found = DRAFTS.find(([address]) => address.test(named));
  // A dialect of somebody's own is an extension of the newest that its keywords need.
  return found?.[1] ?? (MODERN.test(text) ? 2020 : 7);
}

/** The keywords that the draft knows. Before 2019-09 those beside `$ref` do not count. */
export function known(schema: Keywords, dialect: Dialect): Keywords {
  if (dialect < 2019 && typeof schema.$ref === 'string') return { $ref: schema.$ref };
  const foreign = (name: string) => (SINCE[name] ?? 4) > dialect;
  const names = Object.keys(schema);
  return names.some(foreign) ? Object.fromEntries(names.filter((name) => !foreign(name)).map((name) => [name, schema[name]])) : schema;
}

/** Where a schema says its own address. */
export function idOf(schema: Keywords, dialect: Dialect): string | undefined {
  if (dialect < 2019 && typeof schema.$ref === 'string') return undefined;
  const id = dialect === 4 ? (schema.id ?? schema.$id) : schema.$id;
  return typeof id === 'string' ? id : undefined;
}
