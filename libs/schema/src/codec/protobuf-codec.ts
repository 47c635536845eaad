import protobuf from 'protobufjs';
import { SchemaError } from '../compatibility/schema.error.js';
import type { SchemaReference } from '../compatibility/compare.js';
import { parseProtobuf } from '../protobuf/protobuf-schema.js';
import { withoutNulls } from './avro-codec.js';
import type { SchemaIssues } from './codec.js';

const AS_JSON: protobuf.IConversionOptions = { longs: Number, enums: String, defaults: true, arrays: true, objects: true };

/** The messages of a text. Names follow JSON: `order_id` in the text is `orderId` in the data. */
export function protobufMessages(text: string, references: readonly SchemaReference[] = []): readonly protobuf.Type[] {
  const { messages } = parseProtobuf(text, references, { jsonNames: true });
  if (messages.length === 0) throw new SchemaError('The Protobuf schema has no message.');
  return messages.filter((type) => !(type.parent instanceof protobuf.Type));
}

export function protobufEncoder(text: string): (data: unknown) => Buffer {
  const type = protobufMessages(text)[0]!;
  return (data) => {
    const [issue] = protobufIssues(type, data);
    if (issue) throw new SchemaError(`The data does not fit its Protobuf schema: ${issue.message}.`);
    return Buffer.from(type.encode(type.fromObject(data as Record<string, unknown>)).finish());
  };
}

/** `indexes` lead to the message in the text, as the wire format has them: [0] is the first, [0, 1] the second inside it. */
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
  // Names and what is expected, never the value.
  const fault = type.verify(withoutEnumNames(type, data) as Record<string, unknown>);
  if (fault) return [{ message: fault }];
  const missing = type.fieldsArray.filter((field) => isAsked(field) && (data as Record<string, unknown>)[field.name] === undefined);
  return missing.map(({ name }) => ({ message: 'Expected a value', path: [name] }));
}

/** Proto3 would read an absent scalar as zero or "": only what says `optional` may be left out of an event. */
export function isAsked(field: protobuf.Field): boolean {
  return !field.repeated && !(field instanceof protobuf.MapField) && !field.partOf;
}

/** `verify` takes enum constants by number only. */
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
