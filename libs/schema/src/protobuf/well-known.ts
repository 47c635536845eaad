import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import { googleType } from './google-types.js';

type Nested = NonNullable<protobuf.INamespace['nested']>;

const require = createRequire(import.meta.url);
const BESIDE = new Set(['api', 'descriptor', 'source_context', 'type']);

const META = `syntax = "proto3"; package confluent; import "google/protobuf/descriptor.proto";
  message Meta { string doc = 1; map<string, string> params = 2; repeated string tags = 3; }
  extend google.protobuf.FileOptions { Meta file_meta = 1088; } extend google.protobuf.MessageOptions { Meta message_meta = 1088; }
  extend google.protobuf.FieldOptions { Meta field_meta = 1088; } extend google.protobuf.EnumOptions { Meta enum_meta = 1088; }
  extend google.protobuf.EnumValueOptions { Meta enum_value_meta = 1088; }`;
const CONFLUENT: Readonly<Record<string, string>> = {
  'confluent/meta.proto': META,
  'confluent/type/decimal.proto': 'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
};

/** Files that may be imported without a reference: the text of one, or what it declares. */
export function wellKnown(name: string): string | Nested | undefined {
  const text = CONFLUENT[name] ?? googleType(name);
  if (text !== undefined) return text;
  const file = /^google\/protobuf\/(\w+)\.proto$/.exec(name)?.[1];
  const declared = file !== undefined && BESIDE.has(file) ? (require(`protobufjs/google/protobuf/${file}.json`) as protobuf.INamespace) : protobuf.common.get(name);
  return (declared as { nested?: Nested } | null)?.nested ?? undefined;
}

/** protobufjs has some of Google's files without what they import. */
export function importsOfWellKnown(name: string): string[] {
  const needed = name === 'google/protobuf/api.proto' ? ['source_context', 'type'] : name === 'google/protobuf/type.proto' ? ['any', 'source_context'] : [];
  return needed.map((file) => `google/protobuf/${file}.proto`);
}
