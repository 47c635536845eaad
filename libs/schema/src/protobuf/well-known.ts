import protobuf from 'protobufjs';

type Nested = NonNullable<protobuf.INamespace['nested']>;

/** Google's imports, some of which protobufjs lacks. These contain only options and are treated as empty. */
const EMPTY = new Set(['google/protobuf/descriptor.proto', 'confluent/meta.proto']);

export function wellKnown(name: string): Nested | undefined {
  if (EMPTY.has(name)) return {};
  return (protobuf.common.get(name) as { nested?: Nested } | null)?.nested ?? undefined;
}
