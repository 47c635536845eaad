export type SchemaFormat = 'JSON' | 'AVRO' | 'PROTOBUF';

/** A referenced schema; `name` is its name in the `$ref`, type name or import. */
export interface SchemaReference {
  readonly name: string;
  readonly text: string;
}

export interface SchemaText {
  readonly format: SchemaFormat;
  readonly text: string;
  readonly references?: readonly SchemaReference[];
}
