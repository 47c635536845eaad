import type { StandardSchema, WireSchema } from '@nestbox/kernel';
import { avroEncoder, avroType, issuesOf, withoutNulls } from './avro-codec.js';
import type { SchemaIssues } from './codec.js';
import { protobufEncoder, protobufIssues, protobufMessages } from './protobuf-codec.js';

/** A schema that a contract validates with and travels by at once. */
export type WireContractSchema<Data> = StandardSchema<Data> & { readonly wire: WireSchema };

/** A contract's schema from the text of an `.avsc`. A field that may be null may be left out of the data. */
export function avro<Data>(text: string): WireContractSchema<Data> {
  const type = avroType(text);
  avroEncoder(text);
  return contractSchema({ format: 'AVRO', text }, 'nestbox-avro', (data) => issuesOf(type, data), (data) => type.clone(data));
}

/** A contract's schema from the text of a `.proto`, whose first message is the data. */
export function protobuf<Data>(text: string): WireContractSchema<Data> {
  const type = protobufMessages(text)[0]!;
  protobufEncoder(text);
  const wire = { format: 'PROTOBUF', text } as const;
  return contractSchema(wire, 'nestbox-protobuf', (data) => protobufIssues(type, data), known(type));
}

function known(type: { readonly fields: object }) {
  return (data: unknown) => Object.fromEntries(Object.entries(data as object).filter(([name]) => name in type.fields));
}

function contractSchema<Data>(
  wire: WireSchema,
  vendor: string,
  issues: (data: unknown) => SchemaIssues,
  copy: (data: unknown) => unknown,
): WireContractSchema<Data> {
  const validate = (data: unknown) => {
    const found = issues(data);
    return found.length > 0 ? { issues: found } : { value: withoutNulls(copy(data)) as Data };
  };
  return { wire, '~standard': { version: 1, vendor, validate } };
}
