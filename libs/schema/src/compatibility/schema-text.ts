export type SchemaFormat = 'JSON' | 'AVRO' | 'PROTOBUF';

/** A schema that another one names: `name` is what stands in its `$ref`, type name or import. */
export interface SchemaReference {
  readonly name: string;
  readonly text: string;
}

export interface SchemaText {
  readonly format: SchemaFormat;
  readonly text: string;
  readonly references?: readonly SchemaReference[];
}
