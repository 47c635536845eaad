import type { StandardSchema, WireSchema } from '@nestbox/kernel';
import { parseAvro } from '../avro/avro-schema.js';
import type { JsonSchema } from '../json/keywords.js';
import { avroAsJsonSchema } from './avro-as-json-schema.js';
import { avroEncoder, avroType, issuesOf, withoutNulls } from './avro-codec.js';
import type { SchemaIssues } from './schema-issues.js';
import { protobufAsJsonSchema } from './protobuf-as-json-schema.js';
import { protobufEncoder, protobufIssues, protobufMessages } from './protobuf-codec.js';

/** A schema that validates a contract's data and is also its wire schema. */
export type WireContractSchema<Data> = StandardSchema<Data> & { readonly wire: WireSchema };

/** A contract's schema from the text of an `.avsc`. Nullable fields are optional in the data. */
export function avro<Data>(text: string): WireContractSchema<Data> {
  const type = avroType(text);
  avroEncoder(text);
  const wire = { format: 'AVRO', text } as const;
  return contractSchema(wire, avroAsJsonSchema(parseAvro(text)), (data) => issuesOf(type, data), (data) => type.clone(data));
}

/** A contract's schema from the text of a `.proto`; its first message is the data. */
export function protobuf<Data>(text: string): WireContractSchema<Data> {
  const type = protobufMessages(text)[0]!;
  protobufEncoder(text);
  const wire = { format: 'PROTOBUF', text } as const;
  return contractSchema(wire, protobufAsJsonSchema(type), (data) => protobufIssues(type, data), known(type));
}

function known(type: { readonly fields: object }) {
  return (data: unknown) => Object.fromEntries(Object.entries(data as object).filter(([name]) => name in type.fields));
}

function contractSchema<Data>(
  wire: WireSchema,
  json: JsonSchema,
  issues: (data: unknown) => SchemaIssues,
  copy: (data: unknown) => unknown,
): WireContractSchema<Data> {
  const validate = (data: unknown) => {
    const found = issues(data);
    return found.length > 0 ? { issues: found } : { value: withoutNulls(copy(data)) as Data };
  };
  const jsonSchema = { input: () => json, output: () => json };
  return { wire, '~standard': { version: 1, vendor: `nestbox-${wire.format.toLowerCase()}`, validate, jsonSchema } as never };
}
