import { fullNameOf, isPrimitive } from '../avro/avro-schema.js';
import type { AvroDocument, AvroField, AvroSchema, AvroType } from '../avro/avro-schema.js';
import type { JsonSchema, Keywords } from '../json/keywords.js';

const PRIMITIVES: Readonly<Record<string, JsonSchema>> = {
  null: { type: 'null' },
  boolean: { type: 'boolean' },
  int: { type: 'integer' },
  long: { type: 'integer' },
  float: { type: 'number' },
  double: { type: 'number' },
  string: { type: 'string' },
  // A Buffer, which JSON Schema cannot describe.
  bytes: true,
};

/** Describes the schema's data as JSON Schema, for the gate and the catalogue. */
export function avroAsJsonSchema(document: AvroDocument): JsonSchema {
  const $defs: Record<string, JsonSchema> = {};
  const root = new Describing(document, $defs).describe(document.root, '');
  return Object.keys($defs).length > 0 ? { ...(root as Keywords), $defs } : root;
}

class Describing {
  constructor(
    private readonly document: AvroDocument,
    private readonly defs: Record<string, JsonSchema>,
  ) {}

  describe(schema: AvroSchema, space: string): JsonSchema {
    if (typeof schema === 'string') return isPrimitive(schema) ? PRIMITIVES[schema]! : this.named(schema, space);
    if (Array.isArray(schema)) return this.union(schema as AvroSchema[], space);
    const type = schema as AvroType;
    if (typeof type.type !== 'string') return this.describe(type.type, space);
    switch (type.type) {
      case 'array': return { type: 'array', items: this.describe(type.items!, space) };
      case 'map': return { type: 'object', additionalProperties: this.describe(type.values!, space) };
      // A reader with a default symbol accepts any symbol.
      case 'enum': return type.default === undefined ? { type: 'string', enum: [...type.symbols!] } : { type: 'string' };
      case 'fixed': return true;
      case 'record': return this.record(type, space);
      default: return this.describe(type.type, space);
    }
  }

  /** Null values are absent in the data. */
  private union(branches: readonly AvroSchema[], space: string): JsonSchema {
    const rest = branches.filter((branch) => branch !== 'null').map((branch) => this.describe(branch, space));
    return rest.length === 1 ? rest[0]! : { anyOf: rest };
  }

  private record({ name, namespace, fields = [] }: AvroType, space: string): JsonSchema {
    const inner = fullNameOf(name!, namespace ?? space).split('.').slice(0, -1).join('.');
    const required = fields.filter(isAsked).map((field) => field.name);
    const properties = Object.fromEntries(fields.map((field) => [field.name, this.field(field, inner)]));
    return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
  }

  private field(field: AvroField & { readonly 'x-personal-data'?: unknown }, space: string): JsonSchema {
    const described = this.describe(field.type, space);
    const remarks = {
      ...(field.doc === undefined ? {} : { description: field.doc }),
      ...(field['x-personal-data'] === true ? { 'x-personal-data': true } : {}),
    };
    return Object.keys(remarks).length > 0 && typeof described === 'object' ? { ...described, ...remarks } : described;
  }

  /** A reference to a named type; it may be recursive. */
  private named(name: string, space: string): JsonSchema {
    const found = this.document.names.get(fullNameOf(name, space)) ?? this.document.names.get(name)!;
    const { fullName } = found;
    if (!(fullName in this.defs)) {
      this.defs[fullName] = true;
      this.defs[fullName] = this.describe(found, fullName.split('.').slice(0, -1).join('.'));
    }
    return { $ref: `#/$defs/${fullName}` };
  }
}

function isAsked({ type, default: fallback }: AvroField): boolean {
  return fallback === undefined && !(Array.isArray(type) && type.includes('null'));
}
