import { everyChange } from './pairs.js';
import type { Pair } from './pairs.js';

const scalars = ['int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32', 'fixed64', 'float', 'double', 'bool', 'string', 'bytes'];
const others = { 'an enum': 'Kind', 'a message': 'Line', 'another message': 'Item', 'a list of int32': 'repeated int32', 'a list of string': 'repeated string', 'optional int32': 'optional int32', 'a map': 'map<string, int32>' };
const rest = 'message Line { string sku = 1; }\nmessage Item { string sku = 1; }\nenum Kind { KIND_NONE = 0; KIND_A = 1; }\n';
const order = (...lines: string[]) => `syntax = "proto3";\npackage shop;\nmessage Order {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;

const messages: Record<string, string> = {
  'no field': order(),
  'a = 1': order('int32 a = 1;'),
  'a = 2': order('int32 a = 2;'),
  'b = 1': order('int32 b = 1;'),
  'a = 1, b = 2': order('int32 a = 1;', 'int32 b = 2;'),
  'b = 2, reserved 1': order('reserved 1;', 'int32 b = 2;'),
  'a = 1 in a oneof': order('oneof one { int32 a = 1; }'),
  'a = 1, b = 2 in a oneof': order('oneof one { int32 a = 1; int32 b = 2; }'),
  'another message besides': `${order('int32 a = 1;')}message Line { string sku = 1; }\n`,
  'another message before': `${order('int32 a = 1;').replace('message Order', 'message Line { string sku = 1; }\nmessage Order')}`,
  'another name': order('int32 a = 1;').replace('Order', 'Basket'),
  'another package': order('int32 a = 1;').replace('package shop', 'package store'),
};

export function protobufPairs(): Pair[] {
  const fields = { ...Object.fromEntries(scalars.map((type) => [type, type])), ...others };
  const typed = Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, `${order(`${type} field = 1;`)}${rest}`]));
  return [...everyChange('PROTOBUF', typed), ...everyChange('PROTOBUF', messages)];
}
