import { everyChange } from './pairs.js';
import type { Pair } from './pairs.js';

const fields: Record<string, unknown> = {
  anything: {},
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  'string or null': { type: ['string', 'null'] },
  'minLength 2': { type: 'string', minLength: 2 },
  'minLength 4': { type: 'string', minLength: 4 },
  'maxLength 4': { type: 'string', maxLength: 4 },
  'maxLength 8': { type: 'string', maxLength: 8 },
  pattern: { type: 'string', pattern: '^a' },
  'minimum 0': { type: 'number', minimum: 0 },
  'minimum 5': { type: 'number', minimum: 5 },
  'maximum 9': { type: 'number', maximum: 9 },
  'multiple of 2': { type: 'integer', multipleOf: 2 },
  'multiple of 4': { type: 'integer', multipleOf: 4 },
  'enum a b': { type: 'string', enum: ['a', 'b'] },
  'enum a b c': { type: 'string', enum: ['a', 'b', 'c'] },
  'list of strings': { type: 'array', items: { type: 'string' } },
  'list of integers': { type: 'array', items: { type: 'integer' } },
  'list of at least 1': { type: 'array', items: { type: 'string' }, minItems: 1 },
  'list of at most 5': { type: 'array', items: { type: 'string' }, maxItems: 5 },
  'list without doubles': { type: 'array', items: { type: 'string' }, uniqueItems: true },
};

const a = { a: { type: 'string' } };
const ab = { ...a, b: { type: 'integer' } };
const objects: Record<string, unknown> = {
  'open {}': {},
  'open {a}': { properties: a },
  'open {a!}': { properties: a, required: ['a'] },
  'open {a b}': { properties: ab },
  'open {a! b}': { properties: ab, required: ['a'] },
  'open {a! b!}': { properties: ab, required: ['a', 'b'] },
  'closed {}': { additionalProperties: false },
  'closed {a}': { properties: a, additionalProperties: false },
  'closed {a!}': { properties: a, required: ['a'], additionalProperties: false },
  'closed {a b}': { properties: ab, additionalProperties: false },
  'closed {a! b}': { properties: ab, required: ['a'], additionalProperties: false },
  'closed {a! b!}': { properties: ab, required: ['a', 'b'], additionalProperties: false },
  'strings besides {a}': { properties: a, additionalProperties: { type: 'string' } },
};

export function jsonPairs(): Pair[] {
  const field = (schema: unknown) => JSON.stringify({ type: 'object', properties: { field: schema }, additionalProperties: false });
  const object = (schema: unknown) => JSON.stringify({ type: 'object', ...(schema as object) });
  const texts = (variants: Record<string, unknown>, text: (variant: unknown) => string) =>
    Object.fromEntries(Object.entries(variants).map(([name, variant]) => [name, text(variant)]));
  return [...everyChange('JSON', texts(fields, field)), ...everyChange('JSON', texts(objects, object))];
}
