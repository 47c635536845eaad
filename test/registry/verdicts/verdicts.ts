import type { SchemaFormat } from '@nestbox/schema';

/** What may become of a schema under BACKWARD: whether a reader of `to` can read what a writer of `from` wrote. */
export interface Verdict {
  readonly format: SchemaFormat;
  readonly change: string;
  readonly from: string;
  readonly to: string;
  readonly isCompatible: boolean;
  /** `Confluent`: as the tables of its comparison say. `instance`: data shows it, whatever Confluent says. `format`: the format's own rules. */
  readonly source: 'Confluent' | 'instance' | 'format';
}

type Schema = Record<string, unknown>;
type Row = readonly [change: string, from: Schema, to: Schema, isCompatible: boolean, source: Verdict['source']];

const modern = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#' };
const AB = { definitions: { A: { type: 'object', required: ['a'] }, B: { type: 'object', required: ['b'] } } };
const both = { ...AB, allOf: [{ $ref: '#/definitions/A' }, { $ref: '#/definitions/B' }] };
const object = (properties: Schema, more: Schema = {}) => ({ type: 'object', properties, ...more });
const a = { a: { type: 'string' } };
const closed = { additionalProperties: false };

const json: readonly Row[] = [
  ['all of two required names, as it is', both, { ...both, title: 'again' }, true, 'instance'],
  ['all of two required names become one of them', both, { ...AB, $ref: '#/definitions/A' }, true, 'instance'],
  ['one of two required names becomes both', { ...AB, $ref: '#/definitions/A' }, both, false, 'instance'],
  ['an optional field is added to open content', object({}), object(a), false, 'Confluent'],
  ['an optional field is added to closed content', object({}, closed), object(a, closed), true, 'Confluent'],
  ['a field is taken from open content', object(a), object({}), true, 'Confluent'],
  ['a field is taken from closed content', object(a, closed), object({}, closed), false, 'Confluent'],
  ['a required field with a default is added', object({}, closed), object({ a: { type: 'string', default: '' } }, { ...closed, required: ['a'] }), true, 'Confluent'],
  ['minContains is raised', { ...modern, contains: { type: 'string' } }, { ...modern, contains: { type: 'string' }, minContains: 2 }, false, 'instance'],
  ['maxContains is lowered', { ...modern, contains: true, maxContains: 3 }, { ...modern, contains: true, maxContains: 2 }, false, 'instance'],
  ['what may not be is widened behind a reference', { definitions: { n: { type: 'integer' } }, not: { $ref: '#/definitions/n' } }, { definitions: { n: { type: 'number' } }, not: { $ref: '#/definitions/n' } }, false, 'instance'],
  ['what may not be is narrowed', { not: { type: 'number' } }, { not: { type: 'integer' } }, true, 'instance'],
  ['a choice is added beside one that is there', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, { anyOf: [{ type: 'string' }, { type: 'integer' }], oneOf: [{ type: 'string' }] }, false, 'instance'],
  ['a third choice overlaps with one of two', { oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { oneOf: [{ required: ['a'] }, { required: ['b'] }, { required: ['c'] }] }, false, 'instance'],
  ['properties beside a reference, where they count', { ...modern, $defs: { o: { type: 'object' } }, $ref: '#/$defs/o' }, { ...modern, $defs: { o: { type: 'object' } }, $ref: '#/$defs/o', properties: a }, false, 'instance'],
  ['properties beside a reference, where they do not count', { ...draft7, definitions: { o: { type: 'object' } }, items: { $ref: '#/definitions/o' } }, { ...draft7, definitions: { o: { type: 'object' } }, items: { $ref: '#/definitions/o', properties: a } }, true, 'format'],
  ['a condition is added', {}, { if: { type: 'string' }, then: { minLength: 1 } }, false, 'instance'],
  ['a condition is dropped', { if: { type: 'string' }, then: { minLength: 1 } }, {}, true, 'instance'],
  ['names are restricted', object({}), object({}, { propertyNames: { maxLength: 3 } }), false, 'instance'],
  ['what nobody looked at is forbidden', { ...modern, allOf: [object(a)] }, { ...modern, allOf: [object(a)], unevaluatedProperties: false }, false, 'instance'],
  ['more is looked at before the rest is forbidden', { ...modern, allOf: [object(a)], unevaluatedProperties: false }, { ...modern, allOf: [object({ ...a, b: true })], unevaluatedProperties: false }, true, 'instance'],
  ['a number beyond 2^53 becomes its neighbour', { const: 9007199254740992 }, { const: 9007199254740994 }, false, 'instance'],
  ['a value is added to a list', { enum: ['a'] }, { enum: ['a', 'b'] }, true, 'Confluent'],
  ['a value is taken from a list', { enum: ['a', 'b'] }, { enum: ['a'] }, false, 'Confluent'],
];

const proto = (...lines: string[]) => `syntax = "proto3";\nmessage M {\n  ${lines.join('\n  ')}\n}\n`;
const protobuf: readonly (readonly [string, string, string, boolean, Verdict['source']])[] = [
  ['two choices are merged', proto('oneof a { int32 x = 1; }', 'oneof b { int32 y = 2; }'), proto('oneof c { int32 x = 1; int32 y = 2; }'), false, 'Confluent'],
  ['a choice is renamed', proto('oneof a { int32 x = 1; int32 y = 2; }'), proto('oneof b { int32 x = 1; int32 y = 2; }'), true, 'Confluent'],
  ['a choice is renamed and loses a branch', proto('oneof a { int32 x = 1; int32 y = 2; }'), proto('oneof b { int32 x = 1; }'), false, 'Confluent'],
  ['a branch moves out of its choice', proto('oneof a { int32 x = 1; int32 y = 2; }'), proto('oneof a { int32 x = 1; }', 'int32 y = 2;'), true, 'Confluent'],
  ['an optional field moves into a choice of its own', proto('optional int32 x = 1;'), proto('oneof a { int32 x = 1; }'), true, 'Confluent'],
  ['a field goes', proto('int32 x = 1;', 'int32 y = 2;'), proto('int32 x = 1;'), true, 'Confluent'],
  ['text becomes a number', proto('string x = 1;'), proto('int32 x = 1;'), false, 'Confluent'],
];

const record = (...fields: Schema[]) => ({ type: 'record', name: 'Order', fields });
const count = { name: 'count', type: 'int' };
const avro: readonly Row[] = [
  ['a number is widened', record(count), record({ ...count, type: 'long' }), true, 'format'],
  ['a number is narrowed', record({ ...count, type: 'long' }), record(count), false, 'format'],
  ['a field with a default is added', record(), record({ ...count, default: 0 }), true, 'format'],
  ['a field without a default is added', record(), record(count), false, 'format'],
  ['a field goes', record(count), record(), true, 'format'],
  ['a default of 2^53 and more is added', record(), record({ name: 'count', type: 'long', default: 9007199254740992 }), true, 'format'],
  ['a symbol of an enum goes', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, { type: 'enum', name: 'E', symbols: ['A'] }, false, 'format'],
];

const asTexts = (format: SchemaFormat, rows: readonly Row[]): Verdict[] =>
  rows.map(([change, from, to, isCompatible, source]) => ({ format, change, from: JSON.stringify(from), to: JSON.stringify(to), isCompatible, source }));

export const verdicts: readonly Verdict[] = [
  ...asTexts('JSON', json),
  ...protobuf.map(([change, from, to, isCompatible, source]) => ({ format: 'PROTOBUF' as const, change, from, to, isCompatible, source })),
  ...asTexts('AVRO', avro),
];
