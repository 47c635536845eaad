import { everyChange } from './pairs.js';
import type { Pair } from './pairs.js';

const types: Record<string, unknown> = {
  int: 'int',
  long: 'long',
  float: 'float',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
  boolean: 'boolean',
  'int?': ['null', 'int'],
  'int or string': ['int', 'string'],
  'list of int': { type: 'array', items: 'int' },
  'list of long': { type: 'array', items: 'long' },
  'map of int': { type: 'map', values: 'int' },
  'enum a b': { type: 'enum', name: 'Kind', symbols: ['a', 'b'] },
  'enum a b c': { type: 'enum', name: 'Kind', symbols: ['a', 'b', 'c'] },
  'enum a b, default a': { type: 'enum', name: 'Kind', symbols: ['a', 'b'], default: 'a' },
  'fixed 4': { type: 'fixed', name: 'Code', size: 4 },
  'fixed 8': { type: 'fixed', name: 'Code', size: 8 },
  'record of sku': { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }] },
  'record of another name': { type: 'record', name: 'Item', fields: [{ name: 'sku', type: 'string' }] },
};

const records: Record<string, object[]> = {
  'no field': [],
  'a field': [{ name: 'total', type: 'int' }],
  'a field with default': [{ name: 'total', type: 'int', default: 0 }],
  'a field that may be null': [{ name: 'total', type: ['null', 'int'], default: null }],
  'a field of another name': [{ name: 'sum', type: 'int' }],
  'a field with an alias': [{ name: 'sum', aliases: ['total'], type: 'int' }],
  'two fields': [{ name: 'total', type: 'int' }, { name: 'sum', type: 'int' }],
  'two fields, one with default': [{ name: 'total', type: 'int' }, { name: 'sum', type: 'int', default: 0 }],
  'two fields in another order': [{ name: 'sum', type: 'int' }, { name: 'total', type: 'int' }],
};

const record = (fields: readonly object[], name = 'Order') => JSON.stringify({ type: 'record', name, fields });
const texts = <T>(variants: Record<string, T>, text: (variant: T) => string) =>
  Object.fromEntries(Object.entries(variants).map(([name, variant]) => [name, text(variant)]));

export function avroPairs(): Pair[] {
  return [
    ...everyChange('AVRO', texts(types, (type) => record([{ name: 'field', type }]))),
    ...everyChange('AVRO', texts(records, (fields) => record(fields))),
    ...everyChange('AVRO', { 'record Order': record([]), 'record Basket': record([], 'Basket') }),
  ];
}
