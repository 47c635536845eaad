import type { SchemaText } from '../compatibility/schema-text.js';
import { Proofs } from '../compatibility/proofs.js';
import { TooComplexError } from '../compatibility/schema.error.js';
import { breaksBetween } from './compare.js';

const json = (schema: object): SchemaText => ({ format: 'JSON', text: JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema }) });
const node = { $ref: '#/definitions/node' };

/** A tree of several kinds that hold each other. */
function kinds(count: number, more: object, isTold: boolean): SchemaText {
  const names = Array.from({ length: count }, (_, n) => `k${n}`);
  const kind = (name: string) => (isTold ? { kind: { const: name } } : { [name]: { type: 'integer' } });
  const one = (name: string) => ({ type: 'object', properties: { ...kind(name), left: node, right: node, ...more }, required: [isTold ? 'kind' : name] });
  const definitions = { node: { oneOf: names.map((name) => ({ $ref: `#/definitions/${name}` })) }, ...Object.fromEntries(names.map((name) => [name, one(name)])) };
  return json({ ...node, definitions });
}

function records(count: number, leaf: string): SchemaText {
  const seen = new Set<number>();
  const record = (n: number): unknown => {
    if (seen.has(n)) return `R${n}`;
    seen.add(n);
    const fields = Array.from({ length: count }, (_, other) => ({ name: `f${other}`, type: ['null', record(other)], default: null }));
    return { type: 'record', name: `R${n}`, fields: [...fields, { name: 'leaf', type: leaf }] };
  };
  return { format: 'AVRO', text: JSON.stringify(record(0)) };
}

const text = { note: { type: 'string' } };
const short = { note: { type: 'string', maxLength: 9 } };

describe('a comparison of types that hold each other comes to an end', () => {
  it.each<[string, SchemaText, SchemaText, boolean]>([
    ['three kinds, one limit dropped', kinds(3, short, true), kinds(3, text, true), true],
    ['three kinds, one limit set', kinds(3, text, true), kinds(3, short, true), false],
    ['three kinds that may overlap, as they are', kinds(3, text, false), kinds(3, text, false), true],
    ['three kinds that may overlap, one limit set', kinds(3, text, false), kinds(3, short, false), false],
    ['ten kinds, one more', kinds(10, text, true), kinds(11, text, true), true],
    ['ten kinds, one less', kinds(11, text, true), kinds(10, text, true), false],
    ['ten Avro records, a leaf widened', records(10, 'int'), records(10, 'long'), true],
    ['ten Avro records, a leaf narrowed', records(10, 'long'), records(10, 'int'), false],
  ])('%s', (_what, from, to, isCompatible) => {
    expect(breaksBetween(to, from).length === 0).toBe(isCompatible);
  });

  it('or to the end of its budget, and says so', () => {
    const proofs = new Proofs<string>('circular', 10);
    const claim = (n: number): readonly string[] => proofs.prove(String(n), () => claim(n + 1));
    expect(() => claim(0)).toThrow(TooComplexError);
  });

  it('and takes nothing for proven that rests on what fails', () => {
    const proofs = new Proofs<string>('circular');
    const outer = (): readonly string[] => proofs.prove('outer', () => [...proofs.inside(() => inner()), 'a gap']);
    const inner = (): readonly string[] => proofs.prove('inner', () => proofs.inside(() => outer()));
    expect(outer()).toEqual(['a gap']);
    expect(inner()).toEqual(['a gap']);
  });
});
