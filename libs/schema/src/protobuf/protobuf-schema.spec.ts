import { requireValid } from '../comparison/compare.js';

const valid = (text: string, syntax = 'proto3') => () => requireValid({ format: 'PROTOBUF', text: `syntax = "${syntax}";\n${text}` });

describe('a .proto', () => {
  it.each([
    ['options of its own', 'import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { bool pii = 50001; } message A { string a = 1 [(pii) = true]; }'],
    ['Google’s api', 'import "google/protobuf/api.proto"; message A { google.protobuf.Api a = 1; }'],
    ['Google’s type', 'import "google/protobuf/type.proto"; message A { google.protobuf.Type a = 1; }'],
    ['Google’s source context', 'import "google/protobuf/source_context.proto"; message A { google.protobuf.SourceContext a = 1; }'],
    ['Google’s date', 'import "google/type/date.proto"; message A { google.type.Date a = 1; }'],
    ['Google’s time with a zone', 'import "google/type/datetime.proto"; message A { google.type.DateTime a = 1; google.protobuf.Duration b = 2; }'],
    ['Confluent’s remarks', 'import "confluent/meta.proto"; message A { string a = 1 [(confluent.field_meta).doc = "x"]; }'],
    ['Confluent’s decimal', 'import "confluent/type/decimal.proto"; message A { confluent.type.Decimal a = 1; }'],
    ['an alias of a constant', 'enum E { option allow_alias = true; A = 0; B = 0; } message M { E e = 1; }'],
  ])('may have %s', (_what, text) => {
    expect(valid(text)).not.toThrow();
  });

  it.each([
    ['a number that Protobuf keeps', 'message A { string a = 19500; }'],
    ['number zero', 'message A { string a = 0; }'],
    ['a number that is too large', 'message A { string a = 536870912; }'],
    ['a number twice', 'message A { string a = 1; string b = 1; }'],
    ['a reserved number', 'message A { reserved 1; string a = 1; }'],
    ['two names that are one in JSON', 'message A { string foo_bar = 1; string fooBar = 2; }'],
    ['an enum that does not start at zero', 'enum E { A = 1; } message M { E e = 1; }'],
    ['an enum without constants', 'enum E { } message M { E e = 1; }'],
    ['a constant twice', 'enum E { A = 0; B = 0; } message M { E e = 1; }'],
    ['a constant of the enum beside it', 'enum E { A = 0; } enum F { A = 0; } message M { E e = 1; }'],
    ['an import that nobody gave', 'import "other.proto"; message A { string a = 1; }'],
  ])('may not have %s', (_what, text) => {
    expect(valid(text)).toThrow(/^Not a Protobuf schema/);
  });

  it('may start an enum anywhere in proto2', () => {
    expect(valid('enum E { A = 1; } message M { optional E e = 1; }', 'proto2')).not.toThrow();
  });
});
