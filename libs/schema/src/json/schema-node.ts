import { compareNumbers, isNumber, isWhole } from '../compatibility/exact-number.js';
import type { JsonNumber } from '../compatibility/exact-number.js';
import { valueKey } from '../compatibility/exact-json.js';
import type { Dialect } from './dialect.js';
import { isKeywords } from './keywords.js';
import type { Keywords } from './keywords.js';
import { ALL, bitsOf, FRACTION } from './types.js';

/** The number of a schema in its graph. */
export type Id = number;

export interface Limit {
  readonly value: JsonNumber;
  readonly open: boolean;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A schema without the differences of drafts: each keyword once, subschemas as numbers. What is absent restricts nothing. */
export interface SchemaNode {
  readonly never: boolean;
  readonly types: number;
  readonly values?: readonly unknown[];
  readonly lower?: Limit;
  readonly upper?: Limit;
  readonly step?: JsonNumber;
  readonly length: Range;
  readonly pattern?: string;
  readonly size: Range;
  readonly unique: boolean;
  readonly first: readonly Id[];
  readonly rest?: Id;
  readonly contains?: { readonly schema: Id; readonly min: number; readonly max: number; readonly evaluates: boolean };
  readonly otherItems?: Id;
  readonly count: Range;
  readonly required: readonly string[];
  readonly properties: ReadonlyMap<string, Id>;
  readonly patterns: ReadonlyMap<string, Id>;
  readonly additional?: Id;
  readonly otherMembers?: Id;
  readonly names?: Id;
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly dependents: ReadonlyMap<string, Id>;
  /** All of these hold: `allOf`, and what `$ref` leads to. */
  readonly all: readonly Id[];
  readonly any?: readonly Id[];
  readonly one?: readonly Id[];
  readonly not?: Id;
  readonly condition?: { readonly if: Id; readonly then?: Id; readonly else?: Id };
  readonly hasDefault: boolean;
}

export const ANY_RANGE: Range = { min: 0, max: Infinity };
export const TRUE: SchemaNode = {
  never: false, types: ALL, length: ANY_RANGE, size: ANY_RANGE, unique: false, first: [], count: ANY_RANGE, required: [],
  properties: new Map(), patterns: new Map(), needs: new Map(), dependents: new Map(), all: [], hasDefault: false,
};
export const FALSE: SchemaNode = { ...TRUE, never: true, types: 0 };

type Child = (schema: unknown) => Id;

/** `refs` are what the schema's references lead to. */
export function nodeFrom(schema: Keywords, dialect: Dialect, child: Child, refs: readonly Id[]): SchemaNode {
  const one = (name: string) => (isSchema(schema[name]) ? child(schema[name]) : undefined);
  const list = (name: string) => (Array.isArray(schema[name]) ? (schema[name] as unknown[]).map(child) : undefined);
  const table = (name: string) => mapOf(schema[name], isSchema, child);
  const isTuple = Array.isArray(schema.items);
  const condition = one('if');
  const step = isNumber(schema.multipleOf) ? schema.multipleOf : undefined;
  return {
    never: false,
    types: bitsOf(schema.type) & (step !== undefined && isWhole(step) ? ALL & ~FRACTION : ALL),
    values: valuesOf(schema),
    lower: tighter(limitOf(schema.minimum, schema.exclusiveMinimum === true), limitOf(schema.exclusiveMinimum, true), 1),
    upper: tighter(limitOf(schema.maximum, schema.exclusiveMaximum === true), limitOf(schema.exclusiveMaximum, true), -1),
    step,
    length: rangeOf(schema.minLength, schema.maxLength),
    pattern: typeof schema.pattern === 'string' ? schema.pattern : undefined,
    unique: schema.uniqueItems === true,
    size: rangeOf(schema.minItems, schema.maxItems),
    // Until 2019-09 `items` and `additionalItems`, then `prefixItems` and `items`.
    first: (isTuple ? list('items') : list('prefixItems')) ?? [],
    rest: one(isTuple ? 'additionalItems' : 'items'),
    contains: containsOf(schema, dialect, child),
    otherItems: one('unevaluatedItems'),
    count: rangeOf(schema.minProperties, schema.maxProperties),
    required: stringsIn(schema.required),
    properties: table('properties'),
    patterns: table('patternProperties'),
    additional: one('additionalProperties'),
    otherMembers: one('unevaluatedProperties'),
    names: one('propertyNames'),
    needs: both(mapOf(schema.dependencies, Array.isArray, stringsIn), mapOf(schema.dependentRequired, Array.isArray, stringsIn)),
    dependents: both(mapOf(schema.dependencies, isSchema, child), table('dependentSchemas')),
    all: [...refs, ...(list('allOf') ?? [])],
    any: list('anyOf'),
    one: list('oneOf'),
    not: one('not'),
    condition: condition === undefined ? undefined : { if: condition, then: one('then'), else: one('else') },
    hasDefault: schema.default !== undefined,
  };
}

function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isKeywords(value);
}

const NO_MAP: ReadonlyMap<string, never> = new Map<string, never>();

function mapOf<T>(value: unknown, fits: (one: unknown) => boolean, make: (one: unknown) => T): ReadonlyMap<string, T> {
  if (!isKeywords(value)) return NO_MAP;
  return new Map(Object.entries(value).flatMap(([name, one]) => (fits(one) ? [[name, make(one)] as const] : [])));
}

function both<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return one.size === 0 ? other : other.size === 0 ? one : new Map([...one, ...other]);
}

const NO_NAMES: readonly string[] = [];

function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) && value.length > 0 ? [...new Set(value.filter((one): one is string => typeof one === 'string'))].sort() : NO_NAMES;
}

function valuesOf({ const: only, enum: several }: Keywords): unknown[] | undefined {
  const listed = Array.isArray(several) ? (several as unknown[]) : undefined;
  if (only === undefined) return listed;
  const wanted = valueKey(only);
  return listed ? listed.filter((value) => valueKey(value) === wanted) : [only];
}

function rangeOf(min: unknown, max: unknown): Range {
  if (!isNumber(min) && !isNumber(max)) return ANY_RANGE;
  return { min: isNumber(min) ? Number(min) : 0, max: isNumber(max) ? Number(max) : Infinity };
}

function limitOf(value: unknown, open: boolean): Limit | undefined {
  return isNumber(value) ? { value, open } : undefined;
}

/** Of two lower limits (side 1) or upper limits (side -1), the one that lets less through. */
export function tighter(a: Limit | undefined, b: Limit | undefined, side: 1 | -1): Limit | undefined {
  if (!a || !b) return a ?? b;
  const order = compareNumbers(a.value, b.value) * side;
  return order > 0 || (order === 0 && a.open) ? a : b;
}

function containsOf({ contains, minContains, maxContains }: Keywords, dialect: Dialect, child: Child): SchemaNode['contains'] {
  if (!isSchema(contains)) return undefined;
  const { max } = rangeOf(0, maxContains);
  return { schema: child(contains), min: isNumber(minContains) ? Number(minContains) : 1, max, evaluates: dialect >= 2020 };
}
