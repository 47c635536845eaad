import { exactJson } from '../compatibility/exact-json.js';
import { ExactNumber } from '../compatibility/exact-number.js';
import { fullNameOf, isPrimitive, readAvro } from './avro-schema.js';

type Json = Readonly<Record<string, unknown>>;

/** What Avro's own library writes of each kind of type, in its order; other properties follow, and the aliases. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  record: ['doc', 'fields'], error: ['doc', 'fields'], enum: ['doc', 'symbols', 'default'], fixed: ['doc', 'size'], array: ['items'], map: ['values'],
};
const NAMED = new Set(['record', 'error', 'enum', 'fixed']);
const FIELD = ['name', 'type', 'doc', 'default', 'order', 'aliases'];

/**
 * One text for every spelling of the same schema, as Avro's own library writes it: names split from their namespace, a namespace
 * only where it changes, no wrapped primitives. Throws SchemaError.
 */
export function canonicalAvro(text: string, normalize: boolean): string {
  return exactJson(new Canonical(normalize).type(readAvro(text), ''));
}

class Canonical {
  constructor(private readonly normalize: boolean) {}

  type(schema: unknown, space: string): unknown {
    if (Array.isArray(schema)) return schema.map((branch) => this.type(branch, space));
    if (typeof schema === 'string') return isPrimitive(schema) ? schema : nameWithin(fullNameOf(schema, space), space);
    if (!isObject(schema)) return schema;
    const { type } = schema;
    const rest = Object.keys(schema).filter((key) => key !== 'type');
    if (typeof type !== 'string') return rest.length === 0 ? this.type(type, space) : { ...schema, type: this.type(type, space) };
    if (NAMED.has(type)) return this.named(schema, type, space);
    if (type === 'array' || type === 'map') return this.written(schema, type, [], space);
    // A primitive, or the name of a type; what is said beside the name does not count.
    return isPrimitive(type) && rest.length > 0 ? { type, ...this.others(schema, ['type']) } : this.type(type, space);
  }

  private named(schema: Json, type: string, space: string): unknown {
    const full = fullNameOf(String(schema.name ?? ''), typeof schema.namespace === 'string' ? schema.namespace : space);
    const own = spaceOf(full);
    const head = [['name', full.slice(own === '' ? 0 : own.length + 1)], ...(own === space ? [] : [['namespace', own]])];
    return this.written(schema, type, head as [string, unknown][], own);
  }

  private written(schema: Json, type: string, head: readonly [string, unknown][], space: string): unknown {
    const known = KINDS[type]!.filter((key) => schema[key] !== undefined);
    const parts = known.map((key) => [key, this.part(key, schema[key], space)] as const);
    const aliases = Array.isArray(schema.aliases) ? [['aliases', schema.aliases.map((alias) => nameWithin(fullNameOf(String(alias), space), space))] as const] : [];
    return Object.fromEntries([['type', type], ...head, ...parts, ...Object.entries(this.others(schema, ['type', 'name', 'namespace', 'aliases', ...known])), ...aliases]);
  }

  private part(key: string, value: unknown, space: string): unknown {
    if (key === 'fields' && Array.isArray(value)) return value.map((field) => (isObject(field) ? this.field(field, space) : field));
    return key === 'items' || key === 'values' ? this.type(value, space) : value;
  }

  private field(field: Json, space: string): unknown {
    const known = FIELD.filter((key) => field[key] !== undefined && !(key === 'order' && field[key] === 'ascending'));
    const parts = known.map((key) => [key, key === 'type' ? this.type(field[key], space) : field[key]] as const);
    return Object.fromEntries([...parts, ...Object.entries(this.others(field, FIELD))]);
  }

  private others(schema: Json, known: readonly string[]): Json {
    const names = Object.keys(schema).filter((key) => !known.includes(key));
    return Object.fromEntries((this.normalize ? names.sort() : names).map((name) => [name, schema[name]]));
  }
}

function spaceOf(full: string): string {
  return full.split('.').slice(0, -1).join('.');
}

/** A full name as it is written inside a namespace. */
function nameWithin(full: string, space: string): string {
  return spaceOf(full) === space && space !== '' ? full.slice(space.length + 1) : full;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
