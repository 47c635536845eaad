import protobuf from 'protobufjs';
import type { JsonSchema, Keywords } from '../json/keywords.js';
import { isAsked } from './protobuf-codec.js';

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  float: { type: 'number' },
  double: { type: 'number' },
  // A Buffer, which JSON Schema cannot describe.
  bytes: true,
};
/** Marks a field as personal in its comment. */
const PERSONAL = '@personal-data';

/** Describes the message's data as JSON Schema, for the gate and the catalogue. */
export function protobufAsJsonSchema(type: protobuf.Type): JsonSchema {
  const $defs: Record<string, JsonSchema> = {};
  const root = message(type, $defs);
  return Object.keys($defs).length > 0 ? { ...root, $defs } : root;
}

function message(type: protobuf.Type, defs: Record<string, JsonSchema>): Keywords {
  const required = type.fieldsArray.filter(isAsked).map(({ name }) => name);
  const properties = Object.fromEntries(type.fieldsArray.map((field) => [field.name, described(field, defs)]));
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

function described(field: protobuf.Field, defs: Record<string, JsonSchema>): JsonSchema {
  const each = valueOf(field.resolve(), defs);
  const schema = field instanceof protobuf.MapField ? { type: 'object', additionalProperties: each } : field.repeated ? { type: 'array', items: each } : each;
  if (!field.comment || typeof schema !== 'object') return schema;
  const description = field.comment.replace(PERSONAL, '').trim();
  return {
    ...schema,
    ...(description === '' ? {} : { description }),
    ...(field.comment.includes(PERSONAL) ? { 'x-personal-data': true } : {}),
  };
}

function valueOf({ type, resolvedType }: protobuf.Field, defs: Record<string, JsonSchema>): JsonSchema {
  if (resolvedType instanceof protobuf.Enum) return { type: 'string', enum: Object.keys(resolvedType.values) };
  if (!(resolvedType instanceof protobuf.Type)) return SCALARS[type] ?? { type: 'integer' };
  const name = resolvedType.fullName.slice(1);
  if (!(name in defs)) {
    defs[name] = true;
    defs[name] = message(resolvedType, defs);
  }
  return { $ref: `#/$defs/${name}` };
}
