import type { SchemaFormat } from '../compatibility/schema-text.js';
import { requireValid } from './compare.js';
import { canonicalText } from './canonical.js';

const of = (format: SchemaFormat, text: string | object, normalize = false) =>
  canonicalText({ format, text: typeof text === 'string' ? text : JSON.stringify(text) }, { normalize });
const field = { name: 'a', type: 'int' };

describe('the canonical text', () => {
  it.each<[string, object | string, object | string]>([
    ['a name with its namespace', { type: 'record', name: 'shop.Order', fields: [field] }, { type: 'record', name: 'Order', namespace: 'shop', fields: [field] }],
    ['a namespace said twice', { type: 'record', name: 'A', namespace: 'n', fields: [{ name: 'b', type: { type: 'enum', name: 'n.E', symbols: ['X'] } }] },
      { namespace: 'n', name: 'A', type: 'record', fields: [{ name: 'b', type: { type: 'enum', name: 'E', namespace: 'n', symbols: ['X'] } }] }],
    ['a wrapped primitive', { type: 'record', name: 'A', fields: [{ name: 'a', type: { type: 'int' } }] }, { type: 'record', name: 'A', fields: [field] }],
    ['an order that is the usual one', { type: 'record', name: 'A', fields: [{ ...field, order: 'ascending' }] }, { type: 'record', name: 'A', fields: [field] }],
    ['aliases with and without their namespace', { type: 'record', name: 'A', namespace: 'n', aliases: ['n.B'], fields: [] }, { type: 'record', name: 'A', namespace: 'n', aliases: ['B'], fields: [] }],
    ['comments', '/* an order */ {"type":"record","name":"A", // of ours\n "fields":[]}', { type: 'record', name: 'A', fields: [] }],
    ['a name by its full name', { type: 'record', name: 'n.A', fields: [{ name: 'next', type: ['null', 'n.A'] }] }, { type: 'record', name: 'n.A', fields: [{ name: 'next', type: ['null', 'A'] }] }],
  ])('is one for Avro with %s', (_what, one, other) => {
    expect(of('AVRO', one)).toBe(of('AVRO', other));
    requireValid({ format: 'AVRO', text: of('AVRO', one) });
  });

  it.each([
    ['white space and comments', 'message A { /* a */ int32 a=1; // b\n }', 'message A {\n  int32 a = 1;\n}'],
    ['a nested message before or after the fields', 'message A { message B { int32 c = 1; } B b = 1; }', 'message A { B b = 1; message B { int32 c = 1; } }'],
  ])('is one for Protobuf with %s', (_what, one, other) => {
    expect(of('PROTOBUF', `syntax = "proto3";\n${one}`)).toBe(of('PROTOBUF', `syntax = "proto3"; ${other}`));
  });

  it('is another for another schema', () => {
    expect(of('AVRO', { type: 'record', name: 'A', fields: [field] })).not.toBe(of('AVRO', { type: 'record', name: 'A', namespace: 'n', fields: [field] }));
    expect(of('PROTOBUF', 'message A { optional int32 a = 1; }')).not.toBe(of('PROTOBUF', 'message A { optional int32 a = 2; }'));
    expect(of('PROTOBUF', 'syntax = "proto2"; message A { }')).not.toBe(of('PROTOBUF', 'syntax = "proto3"; message A { }'));
  });

  it('has no order of members when it is normalized', () => {
    const [one, other] = ['{"type":"string","minLength":1}', '{"minLength":1,"type":"string"}'];
    expect(of('JSON', one)).not.toBe(of('JSON', other));
    expect(of('JSON', one, true)).toBe(of('JSON', other, true));
    const fields = ['int32 a = 1;', 'int32 b = 2;'];
    const proto = (all: string[]) => of('PROTOBUF', `message A { oneof x { ${all.join(' ')} } }`, true);
    expect(proto(fields)).toBe(proto([...fields].reverse()));
  });

  it('keeps numbers as they are', () => {
    const big = '{"const":9223372036854775807,"maximum":0.1}';
    expect(of('JSON', big)).toBe(big);
    const long = '{"type":"record","name":"A","fields":[{"name":"a","type":"long","default":9223372036854775807}]}';
    expect(of('AVRO', long)).toBe(long);
    expect(() => requireValid({ format: 'AVRO', text: long })).not.toThrow();
    expect(() => requireValid({ format: 'AVRO', text: long.replace('807', '808') })).toThrow(/long/);
  });
});
