/** Key order in Confluent's registry; other keys follow in their own order. */
const ORDER = ['type', 'name', 'namespace', 'doc', 'fields', 'symbols', 'size', 'items', 'values'];
const FIELD_ORDER = ['name', 'type', 'doc', 'default', 'order', 'aliases'];
const PRIMITIVES = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

/** A parsed Avro schema in the form of Confluent's registry: `{"type":"string"}` becomes `"string"`, `type` comes first. */
export function canonicalAvro(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(canonicalAvro);
  if (!isObject(schema)) return schema;
  const { type } = schema;
  const isBare = typeof type === 'string' && PRIMITIVES.has(type) && Object.keys(schema).length === 1;
  if (isBare) return type;
  return ordered(schema, ORDER, (key, value) => {
    if (key === 'fields' && Array.isArray(value)) return value.map(canonicalField);
    return key === 'items' || key === 'values' || (key === 'type' && typeof value !== 'string') ? canonicalAvro(value) : value;
  });
}

function canonicalField(field: unknown): unknown {
  if (!isObject(field)) return field;
  return ordered(field, FIELD_ORDER, (key, value) => (key === 'type' ? canonicalAvro(value) : value));
}

function ordered(object: Record<string, unknown>, order: readonly string[], inside: (key: string, value: unknown) => unknown) {
  const known = order.filter((key) => key in object);
  const keys = [...known, ...Object.keys(object).filter((key) => !known.includes(key))];
  return Object.fromEntries(keys.map((key) => [key, inside(key, object[key])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
