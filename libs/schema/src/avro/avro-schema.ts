import avsc from 'avsc';
import { parseExactJson } from '../compatibility/exact-json.js';
import { compareNumbers, ExactNumber, isNumber } from '../compatibility/exact-number.js';
import type { SchemaReference } from '../compatibility/schema-text.js';
import { SchemaError } from '../compatibility/schema.error.js';

export type AvroSchema = string | readonly AvroSchema[] | AvroType;

/** A type in object form; the properties depend on `type`. */
export interface AvroType {
  readonly type: AvroSchema;
  readonly name?: string;
  readonly namespace?: string;
  readonly aliases?: readonly string[];
  readonly fields?: readonly AvroField[];
  readonly symbols?: readonly string[];
  readonly default?: unknown;
  readonly items?: AvroSchema;
  readonly values?: AvroSchema;
  readonly size?: number;
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly default?: unknown;
  readonly aliases?: readonly string[];
  readonly doc?: string;
}

/** A schema with all its names resolved. */
export interface AvroDocument {
  readonly root: AvroSchema;
  readonly names: ReadonlyMap<string, AvroType & { readonly fullName: string }>;
}

const PRIMITIVES = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);
const NAMED = new Set(['record', 'error', 'enum', 'fixed']);

export function isPrimitive(name: string): boolean {
  return PRIMITIVES.has(name);
}

/** Throws SchemaError. A bare name such as `string` is a schema with or without its quotes. */
export function parseAvro(text: string, references: readonly SchemaReference[] = []): AvroDocument {
  const names = new Map<string, AvroType & { fullName: string }>();
  for (const reference of references) collect(readAvro(reference.text), '', names);
  const known = Object.fromEntries(names);
  const root = readAvro(text);
  checkDefaults(root);
  collect(root, '', names);
  try {
    avsc.Type.forSchema(roundedAvro(root) as avsc.Schema, { registry: typesOf(known), noAnonymousTypes: false });
  } catch (cause) {
    throw new SchemaError(`Not an Avro schema: ${(cause as Error).message}`, { cause });
  }
  return { root, names };
}

/** Comments are taken, as Avro's own parser takes them. Throws SchemaError. */
export function readAvro(text: string): AvroSchema {
  const bare = text.trim();
  if (PRIMITIVES.has(bare)) return bare;
  try {
    return parseExactJson(text, { comments: true }) as AvroSchema;
  } catch (cause) {
    throw new SchemaError(`Not an Avro schema: ${(cause as Error).message}`, { cause });
  }
}

const LONGS = [new ExactNumber('-9223372036854775808'), new ExactNumber('9223372036854775807')] as const;

const AVSC_MOST = Number.MAX_SAFE_INTEGER - 1;

/** avsc refuses a default that JavaScript would round. Whether it is a long at all is told here. */
function roundedAvro(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(roundedAvro);
  if (isNumber(schema)) {
    const isLong = compareNumbers(schema, LONGS[0]) >= 0 && compareNumbers(schema, LONGS[1]) <= 0;
    return isLong ? Math.min(Math.max(Number(schema), -AVSC_MOST), AVSC_MOST) : Number(schema);
  }
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, roundedAvro(value)]));
}

function typesOf(known: Readonly<Record<string, AvroType & { fullName: string }>>): Record<string, avsc.Type> {
  const registry: Record<string, avsc.Type> = {};
  for (const { fullName, ...type } of Object.values(known)) {
    if (registry[fullName]) continue;
    avsc.Type.forSchema(roundedAvro({ ...type, name: fullName }) as unknown as avsc.Schema, { registry });
  }
  return registry;
}

/** Collects every named type by full name, in text order. */
function collect(schema: AvroSchema, space: string, names: Map<string, AvroType & { fullName: string }>): void {
  if (typeof schema === 'string' || schema === null) return;
  if (Array.isArray(schema)) return schema.forEach((branch: AvroSchema) => collect(branch, space, names));
  const type = schema as AvroType;
  let inner = space;
  if (typeof type.type === 'string' && NAMED.has(type.type)) {
    const fullName = fullNameOf(type.name ?? '', type.namespace ?? space);
    inner = fullName.split('.').slice(0, -1).join('.');
    names.set(fullName, { ...type, fullName });
  }
  for (const field of type.fields ?? []) collect(field.type, inner, names);
  for (const inside of [type.items, type.values, typeof type.type === 'object' ? type.type : undefined]) {
    if (inside !== undefined) collect(inside, inner, names);
  }
}

export function fullNameOf(name: string, space: string): string {
  return name.includes('.') || space === '' ? name : `${space}.${name}`;
}

/** avsc accepts some defaults that other Avro readers refuse: a union's default must match its first branch. */
function checkDefaults(schema: AvroSchema): void {
  if (typeof schema === 'string' || schema === null) return;
  if (Array.isArray(schema)) return schema.forEach((branch: AvroSchema) => checkDefaults(branch));
  const type = schema as AvroType;
  for (const field of type.fields ?? []) {
    const first = Array.isArray(field.type) ? (field.type as AvroSchema[])[0] : undefined;
    if (first === 'null' && field.default !== undefined && field.default !== null) {
      throw new SchemaError(`Not an Avro schema: the default of "${field.name}" must be null, the union's first branch.`);
    }
    if (first !== undefined && first !== 'null' && field.default === null) {
      throw new SchemaError(`Not an Avro schema: the default of "${field.name}" must be of the union's first branch.`);
    }
    checkDefaults(field.type);
  }
  if (type.items !== undefined) checkDefaults(type.items);
  if (type.values !== undefined) checkDefaults(type.values);
}
