import protobuf from 'protobufjs';
import { SchemaError } from '../compatibility/schema.error.js';
import type { SchemaReference } from '../compatibility/schema-text.js';
import { parseProtobuf } from '../protobuf/protobuf-schema.js';
import { withoutNulls } from './avro-codec.js';
import type { SchemaIssues } from './schema-issues.js';

const AS_JSON: protobuf.IConversionOptions = { longs: Number, enums: String, defaults: true, arrays: true, objects: true };

/** The messages of a `.proto` text. Field names become camel case: `order_id` is `orderId` in the data. */
export function protobufMessages(text: string, references: readonly SchemaReference[] = []): readonly protobuf.Type[] {
  const { messages } = parseProtobuf(text, references, { jsonNames: true });
  if (messages.length === 0) throw new SchemaError('The Protobuf schema has no message.');
  return messages.filter((type) => !(type.parent instanceof protobuf.Type));
}

export function protobufEncoder(text: string): (data: unknown) => Buffer {
  const type = protobufMessages(text)[0]!;
  return (data) => {
    const [issue] = protobufIssues(type, data);
    if (issue) throw new SchemaError(`The data does not fit its Protobuf schema: ${[issue.path?.join('.'), issue.message].filter(Boolean).join(': ')}.`);
    return Buffer.from(type.encode(type.fromObject(data as Record<string, unknown>)).finish());
  };
}

/** `indexes` select the message, as in the wire format: [0] is the first, [0, 1] the second one nested in it. */
export function protobufDecoder(messages: readonly protobuf.Type[], indexes: readonly number[]): (bytes: Buffer) => unknown {
  const type = indexes.reduce<protobuf.Type | undefined>(
    (at, index) => (at ? innerMessages(at)[index] : messages[index]),
    undefined,
  );
  if (!type) throw new SchemaError('The Protobuf schema has no message at the indexes of the record.');
  return (bytes) => {
    try {
      return withoutNulls(type.toObject(type.decode(bytes), AS_JSON));
    } catch (cause) {
      throw new SchemaError('The bytes do not fit their Protobuf schema.', { cause });
    }
  };
}

function innerMessages(type: protobuf.Type): protobuf.Type[] {
  return type.nestedArray.filter((inner): inner is protobuf.Type => inner instanceof protobuf.Type);
}

export function protobufIssues(type: protobuf.Type, data: unknown): SchemaIssues {
  if (typeof data !== 'object' || data === null) return [{ message: 'Expected an object' }];
  // The message names field and expected type, never the value.
  const fault = type.verify((shapeOf(type).hasEnum ? withoutEnumNames(type, data) : data) as Record<string, unknown>);
  return fault ? [{ message: fault }] : missingIn(type, data as Record<string, unknown>, []);
}

function missingIn(type: protobuf.Type, data: Record<string, unknown>, path: readonly string[]): SchemaIssues {
  const { asked, inner } = shapeOf(type);
  const missing = asked.filter((name) => data[name] === undefined).map((name) => ({ message: 'Expected a value', path: [...path, name] }));
  const inside = inner.flatMap(({ name, type: innerType }) => {
    const value = data[name];
    if (typeof value !== 'object' || value === null) return [];
    const single = !type.fields[name]!.repeated && !(type.fields[name] instanceof protobuf.MapField);
    const each = single ? [[name, value] as const] : Object.entries(value).map(([at, one]) => [`${name}.${at}`, one as object] as const);
    return each.flatMap(([at, one]) => missingIn(innerType, one as Record<string, unknown>, [...path, at]));
  });
  return [...missing, ...inside];
}

/** Facts about a message type, computed once. */
interface Shape {
  readonly asked: readonly string[];
  readonly inner: readonly { readonly name: string; readonly type: protobuf.Type }[];
  readonly hasEnum: boolean;
}

const shapes = new WeakMap<protobuf.Type, Shape>();

function shapeOf(type: protobuf.Type): Shape {
  let shape = shapes.get(type);
  if (!shape) {
    const inner = type.fieldsArray.flatMap((field) => {
      const { resolvedType } = field.resolve();
      return resolvedType instanceof protobuf.Type ? [{ name: field.name, type: resolvedType }] : [];
    });
    shape = { asked: type.fieldsArray.filter(isAsked).map(({ name }) => name), inner, hasEnum: hasEnum(type, new Set()) };
    shapes.set(type, shape);
  }
  return shape;
}

function hasEnum(type: protobuf.Type, seen: Set<protobuf.Type>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return type.fieldsArray.some((field) => {
    const { resolvedType } = field.resolve();
    return resolvedType instanceof protobuf.Enum || (resolvedType instanceof protobuf.Type && hasEnum(resolvedType, seen));
  });
}

/** Proto3 reads an absent scalar as zero or "", so only `optional` fields may be absent in an event. */
export function isAsked(field: protobuf.Field): boolean {
  return !field.repeated && !(field instanceof protobuf.MapField) && !field.partOf;
}

/** `verify` accepts enum constants as numbers only. */
function withoutEnumNames(type: protobuf.Type, data: object): object {
  const entries = Object.entries(data).map(([name, value]) => {
    const field = type.fields[name];
    const resolved = field?.resolve().resolvedType;
    const each = (one: unknown): unknown => {
      if (resolved instanceof protobuf.Enum && typeof one === 'string') return resolved.values[one] ?? one;
      if (resolved instanceof protobuf.Type && typeof one === 'object' && one !== null) return withoutEnumNames(resolved, one);
      return one;
    };
    return [name, Array.isArray(value) ? value.map(each) : each(value)];
  });
  return Object.fromEntries(entries) as object;
}
