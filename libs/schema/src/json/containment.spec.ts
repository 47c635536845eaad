import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { breaksBetween } from '../comparison/compare.js';
import { accepts } from './accepts.js';
import { parseJsonSchema } from './json-schema.js';
import { SchemaGraph } from './schema-graph.js';

type Schema = Record<string, unknown> | boolean;

const DRAFTS = {
  'draft-07': { $schema: 'http://json-schema.org/draft-07/schema#', Validator: Ajv },
  '2019-09': { $schema: 'https://json-schema.org/draft/2019-09/schema', Validator: Ajv2019 },
  '2020-12': { $schema: 'https://json-schema.org/draft/2020-12/schema', Validator: Ajv2020 },
} as const;
type Draft = keyof typeof DRAFTS;
const DEFS = ['A', 'B'];

const name = fc.constantFrom('a', 'b', 'c', 'xa');
const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 3, -1, 1.5, '', 'a', 'ab', 'xyz');
const instance = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof({ maxDepth: 2 }, scalar, fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: true })),
})).any;

/** Schemas that use every keyword, small enough to meet in their edges. */
function schemas(draft: Draft): fc.Arbitrary<Schema> {
  const modern = draft !== 'draft-07';
  return fc.letrec<{ schema: Schema }>((tie) => {
    const sub = tie('schema');
    const several = fc.array(sub, { minLength: 1, maxLength: 3 });
    const members: Record<string, fc.Arbitrary<unknown>> = {
      type: fc.oneof(fc.constantFrom('object', 'array', 'string', 'integer', 'number', 'null', 'boolean'), fc.constantFrom(['string', 'null'], ['object', 'array'])),
      enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }), const: scalar,
      minimum: fc.constantFrom(0, 1, 2), maximum: fc.constantFrom(1, 2, 3), exclusiveMinimum: fc.constantFrom(0, 1), exclusiveMaximum: fc.constantFrom(2, 3), multipleOf: fc.constantFrom(1, 2, 0.5),
      minLength: fc.nat(2), maxLength: fc.nat(3), pattern: fc.constantFrom('^a', 'b$', '.'),
      items: sub, contains: sub.map(spelled), minItems: fc.nat(2), maxItems: fc.nat(3), uniqueItems: fc.boolean(),
      properties: fc.dictionary(name, sub, { maxKeys: 3 }), patternProperties: fc.dictionary(fc.constantFrom('^a', 'a$', '^x'), sub, { maxKeys: 2 }),
      additionalProperties: sub, propertyNames: sub, required: fc.uniqueArray(name, { maxLength: 2 }), minProperties: fc.nat(2), maxProperties: fc.nat(3),
      allOf: several, anyOf: several, oneOf: several, not: sub, if: sub, then: sub, else: sub,
      $ref: fc.constantFrom(...DEFS.map((one) => `#/definitions/${one}`)),
      ...(modern
        ? {
            dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), { maxKeys: 1 }), dependentSchemas: fc.dictionary(name, sub, { maxKeys: 1 }),
            minContains: fc.nat(2), maxContains: fc.constantFrom(1, 2), unevaluatedProperties: sub, unevaluatedItems: sub,
          }
        : { dependencies: fc.dictionary(name, fc.oneof(sub, fc.uniqueArray(name, { maxLength: 2 })), { maxKeys: 1 }) }),
      ...(draft === '2020-12' ? { prefixItems: several.map((all) => all.map(spelled)) } : { additionalItems: sub }),
    };
    const keyword = fc.constantFrom(...Object.keys(members)).chain((one) => members[one]!.map((value) => [one, value] as const));
    const object = fc.array(keyword, { maxLength: 3 }).map((entries) => Object.fromEntries(entries) as Schema);
    return { schema: fc.oneof({ maxDepth: 3, depthSize: 'small', withCrossShrink: true }, fc.boolean() as fc.Arbitrary<Schema>, object) };
  }).schema;
}

/** Beside a `false` among its prefixItems, ajv takes an empty list for one that contains something. */
function spelled(schema: Schema): Schema {
  return typeof schema === 'object' ? schema : schema ? {} : { type: 'null', not: { type: 'null' } };
}

/** A change as somebody would make it: one keyword anywhere is dropped, or the schema gets one of another's. */
function changed(schema: Schema, other: Schema, at: number): Schema {
  if (typeof schema === 'boolean') return other;
  const names = Object.keys(schema);
  if (names.length === 0 || at % 3 === 0) return typeof other === 'boolean' ? schema : { ...schema, ...Object.fromEntries(Object.entries(other).slice(0, 1)) };
  const chosen = names[at % names.length]!;
  if (at % 3 === 1) return Object.fromEntries(Object.entries(schema).filter(([one]) => one !== chosen));
  const value = schema[chosen];
  const isSchema = !Array.isArray(value) && typeof value === 'object' && value !== null && !/ropert|depend/.test(chosen);
  return isSchema && chosen !== 'const' ? { ...schema, [chosen]: changed(value as Schema, other, at >> 2) } : schema;
}

interface Case {
  readonly text: string;
  readonly validate: (value: unknown) => boolean;
}

/** Undefined where ajv itself refuses the schema, or would not come to an end. */
function caseOf(draft: Draft, schema: Schema, definitions: Record<string, Schema>): Case | undefined {
  const { $schema, Validator } = DRAFTS[draft];
  const whole = { $schema, definitions, allOf: [schema] };
  try {
    const text = JSON.stringify(whole);
    new SchemaGraph().add(parseJsonSchema(text));
    const ajv = new Validator({ strict: false, logger: false, validateFormats: false, validateSchema: false });
    const validate = ajv.compile(draft === 'draft-07' ? withoutBeside(whole) as typeof whole : whole);
    return { text, validate: (value) => validate(value) as boolean };
  } catch {
    return undefined;
  }
}

/** ajv minds keywords beside `$ref` in draft 7 too, where they do not count. */
function withoutBeside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBeside);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return { $ref: value.$ref };
  return Object.fromEntries(Object.entries(value).map(([one, inside]) => [one, withoutBeside(inside)]));
}

const RUNS = Number(process.env.CONTAINMENT_RUNS ?? 80);

describe.each(Object.keys(DRAFTS) as Draft[])('JSON Schema of %s', (draft) => {
  const schema = schemas(draft);
  const definitions = fc.record({ A: schema, B: schema });

  it('takes an instance as ajv does', () => {
    fc.assert(fc.property(schema, definitions, fc.array(instance, { minLength: 20, maxLength: 20 }), (one, defs, values) => {
      const theirs = caseOf(draft, one, defs);
      if (!theirs) return;
      const graph = new SchemaGraph();
      const root = graph.add(parseJsonSchema(theirs.text));
      for (const value of values) expect([value, accepts(graph, root, value, false)]).toEqual([value, theirs.validate(value)]);
    }), { numRuns: RUNS });
  });

  it('is never called compatible where an instance shows otherwise, and always with itself', () => {
    let compatible = 0;
    fc.assert(fc.property(schema, schema, definitions, fc.nat(100), fc.array(instance, { minLength: 40, maxLength: 40 }), (one, other, defs, at, values) => {
      const writer = caseOf(draft, one, defs);
      const reader = caseOf(draft, changed(one, other, at), defs);
      if (!writer || !reader) return;
      expect(breaksBetween({ format: 'JSON', text: writer.text }, { format: 'JSON', text: writer.text })).toEqual([]);
      if (breaksBetween({ format: 'JSON', text: reader.text }, { format: 'JSON', text: writer.text }).length > 0) return;
      compatible++;
      for (const value of values) expect([value, writer.validate(value) && !reader.validate(value)]).toEqual([value, false]);
    }), { numRuns: RUNS * 2 });
    expect(compatible).toBeGreaterThan(RUNS / 8);
  });
});
