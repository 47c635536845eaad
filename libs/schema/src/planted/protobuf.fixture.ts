import type { Planted } from './planted.fixture.js';

const lines = (...fields: string[]) => fields.map((field) => `  ${field};`).join('\n');

function proto(fields: readonly string[], beside = '', syntax = 'proto3'): string {
  return `syntax = "${syntax}";\npackage shop;\nmessage OrderPlaced {\n${lines(...fields)}\n}\n${beside}`;
}

const LINE = 'message Line {\n  string sku = 1;\n  int32 quantity = 2;\n}\n';
const REASON = 'enum Reason {\n  CUSTOMER = 0;\n  STOCK = 1;\n}\n';
const own = ['string order_id = 1', 'string email = 2', 'int64 total_cents = 3', 'Reason reason = 4', 'repeated Line lines = 5'];
const base = proto(own, LINE + REASON);
/** The order with the field of one number written another way, or taken away. */
const but = (number: number, field?: string, beside = LINE + REASON) =>
  proto(own.flatMap((line) => (line.endsWith(` = ${number}`) ? (field ?? []) : [line])), beside);
const and = (...fields: string[]) => proto([...own, ...fields], LINE + REASON);
const choice = (...fields: string[]) => `oneof paid {\n${lines(...fields)}\n  }\n  reserved 99`;
const two = (...fields: string[]) => proto(fields, '', 'proto2');

export const protobuf: Planted = {
  breaking: [
    ['a number turned into text', 'BACKWARD', base, but(3, 'string total_cents = 3')],
    ['text turned into a number', 'FORWARD', base, but(2, 'int64 email = 2')],
    ['another encoding of whole numbers', 'BACKWARD', base, but(3, 'sint64 total_cents = 3')],
    ['a fixed width', 'BACKWARD', base, but(3, 'fixed64 total_cents = 3')],
    ['a fraction', 'BACKWARD', base, but(3, 'double total_cents = 3')],
    ['float turned into double', 'BACKWARD', proto(['float rate = 1']), proto(['double rate = 1'])],
    ['32 bits turned into 64', 'BACKWARD', proto(['fixed32 hash = 1']), proto(['fixed64 hash = 1'])],
    ['a scalar turned into a message', 'BACKWARD', base, but(2, 'Line email = 2')],
    ['a message turned into a scalar', 'BACKWARD', base, but(5, 'repeated string lines = 5')],
    ['an enum turned into text', 'BACKWARD', base, but(4, 'string reason = 4')],
    ['another message in a field', 'BACKWARD', base, proto([...own.slice(0, 4), 'repeated Shortage lines = 5'], `message Shortage {\n  string sku = 1;\n}\n${LINE}${REASON}`)],
    ['a number made a list', 'BACKWARD', base, but(3, 'repeated int64 total_cents = 3')],
    ['a list of numbers made single', 'BACKWARD', proto(['repeated int32 sizes = 1']), proto(['int32 sizes = 1'])],
    ['a message removed', 'BACKWARD', base, proto(own.slice(0, 4), REASON)],
    ['a field of every line changed', 'BACKWARD', base, but(0, undefined, LINE.replace('int32 quantity', 'string quantity') + REASON)],
    ['two fields numbered the other way round', 'BACKWARD', base, proto(['int64 total_cents = 2', 'string email = 3'], LINE)],
    ['a required field added', 'BACKWARD', two('optional string a = 1'), two('optional string a = 1', 'required string b = 2')],
    ['a required field dropped, for old readers', 'FORWARD', two('required string a = 1', 'optional string b = 2'), two('optional string b = 2')],
    ['a branch of a choice removed', 'BACKWARD', and(choice('string card = 7', 'string voucher = 8')), and(choice('string card = 7'))],
    ['two fields moved into a choice', 'BACKWARD', and('string card = 7', 'string voucher = 8'), and(choice('string card = 7', 'string voucher = 8'))],
    ['the values of a map changed', 'BACKWARD', and('map<string, int64> totals = 9'), and('map<string, string> totals = 9')],
    ['the keys of a map changed', 'BACKWARD', and('map<string, int64> totals = 9'), and('map<int32, int64> totals = 9')],
    ['a map turned into a number', 'BACKWARD', and('map<string, int64> totals = 9'), and('int64 totals = 9')],
    ['a nested message removed', 'BACKWARD', and('Address to = 9;\n  message Address {\n    string street = 1;\n  }\n  reserved 99'), base],
  ],
  safe: [
    ['nothing at all', 'FULL', base, base],
    ['comments and white space', 'FULL', base, base.replace('string email', '// personal data\n    string   email')],
    ['a field added', 'FULL', base, and('string note = 6')],
    ['an optional field added', 'FULL', base, and('optional string note = 6')],
    ['a list added', 'FULL', base, and('repeated string notes = 6')],
    ['a map added', 'FULL', base, and('map<string, string> labels = 6')],
    ['a field dropped', 'FULL', base, but(2)],
    ['a field dropped and its number reserved', 'FULL', base, but(2, 'reserved 2')],
    ['a field renamed', 'FULL', base, but(2, 'string mail = 2')],
    ['fields in another order', 'FULL', base, proto([...own].reverse(), LINE + REASON)],
    ['a number widened', 'FULL', proto(['int32 a = 1']), proto(['int64 a = 1'])],
    ['a number made unsigned', 'FULL', proto(['int32 a = 1']), proto(['uint32 a = 1'])],
    ['a flag made a number', 'FULL', proto(['bool a = 1']), proto(['int32 a = 1'])],
    ['text read as bytes', 'FULL', proto(['string a = 1']), proto(['bytes a = 1'])],
    ['an enum turned into its number', 'FULL', base, but(4, 'int32 reason = 4')],
    ['an enum constant added', 'FULL', base, but(0, undefined, LINE + REASON.replace('STOCK = 1;', 'STOCK = 1;\n  PAYMENT = 2;'))],
    ['an enum constant dropped', 'FULL', base, but(0, undefined, LINE + REASON.replace('  STOCK = 1;\n', ''))],
    ['a message added', 'BACKWARD', base, `${base}message Shortage {\n  string sku = 1;\n}\n`],
    ['an enum added', 'FULL', base, `${base}enum Size {\n  SMALL = 0;\n}\n`],
    ['a choice added', 'FULL', base, and(choice('string card = 7', 'string voucher = 8'))],
    ['a branch of a choice added', 'BACKWARD', and(choice('string card = 7')), and(choice('string card = 7', 'string voucher = 8'))],
    ['a single field moved into a choice', 'FULL', and('string card = 7'), and(choice('string card = 7'))],
    ['another package', 'FULL', base, base.replace('package shop', 'package store')],
    ['text made a list', 'FULL', proto(['string a = 1']), proto(['repeated string a = 1'])],
    ['a field of every line added', 'FULL', base, but(0, undefined, LINE.replace('int32 quantity = 2;', 'int32 quantity = 2;\n  int64 price = 3;') + REASON)],
    ['a field made explicitly optional', 'FULL', base, but(2, 'optional string email = 2')],
    ['a required field made optional', 'BACKWARD', two('required string a = 1'), two('optional string a = 1')],
    ['anything at all under no level', 'NONE', base, proto(['bool a = 1'])],
  ],
};
