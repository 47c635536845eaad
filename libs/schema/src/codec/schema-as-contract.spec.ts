import { checkEventData, defineEvent, readEventData } from '@nestbox/kernel';
import fc from 'fast-check';
import { SchemaError } from '../compatibility/schema.error.js';
import { fieldsOf } from '../gate/fields.js';
import { viewOf } from '../gate/contract-catalog.js';
import { decoderOf, encoderOf } from './codec.js';
import { frame, isFramed, splitIndexes, unframe } from './confluent-frame.js';
import { avro, protobuf } from './schema-as-contract.js';

interface Order {
  orderId: string;
  totalCents: number;
  note?: string;
  lines: { sku: string; quantity: number }[];
}

const avsc = JSON.stringify({
  type: 'record', name: 'OrderPlaced', namespace: 'shop',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'totalCents', type: 'long', doc: 'Whole minor units.' },
    { name: 'note', type: ['null', 'string'], default: null, 'x-personal-data': true },
    { name: 'lines', type: { type: 'array', items: { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }, { name: 'quantity', type: 'int' }] } } },
  ],
});
const proto = `syntax = "proto3";
package shop;
message OrderPlaced {
  string order_id = 1;
  int64 total_cents = 2; // Whole minor units.
  optional string note = 3; // @personal-data
  repeated Line lines = 4;
}
message Line {
  string sku = 1;
  int32 quantity = 2;
}
`;
const example: Order = { orderId: 'order-1', totalCents: 2500, lines: [{ sku: 'mug-blue', quantity: 2 }] };

describe.each([
  ['an .avsc', 'AVRO', avro<Order>(avsc)],
  ['a .proto', 'PROTOBUF', protobuf<Order>(proto)],
] as const)('a contract from %s alone', (_what, format, schema) => {
  const contract = defineEvent({
    type: 'OrderPlaced', version: 1, topic: 'checkout.orders', description: 'A customer has placed an order.',
    schema, key: ({ orderId }) => orderId, examples: [example, { ...example, note: 'ring twice' }],
  });
  const wire = { format, text: schema.wire.text };
  const encode = encoderOf(wire);
  const decode = decoderOf(wire);

  it('travels by it', () => {
    expect(contract.wire).toEqual(schema.wire);
    for (const data of contract.examples) expect(decode(encode(data))).toEqual(data);
  });

  it('checks data when it is raised, and lets unknown fields fall away when it is read', () => {
    const { totalCents: _left, ...without } = example;
    expect(() => checkEventData(contract as never, without)).toThrow(/totalCents/);
    expect(() => checkEventData(contract as never, { ...example, lines: [{ sku: 'mug', quantity: 'two' }] })).toThrow(/quantity/);
    expect(() => checkEventData(contract as never, { ...example, lines: [{ sku: 'mug' }] })).toThrow(/lines\.0\.quantity/);
    expect(readEventData(contract, 1, { ...example, gift: true })).toEqual({ value: example });
  });

  it('tells its fields to gate and catalogue', () => {
    const fields = fieldsOf(viewOf(contract as never).schema).map(({ path, required, personalData }) => [path, required, personalData]);
    expect(fields.sort()).toEqual([
      ['lines', format === 'AVRO', false],
      ['lines[].quantity', true, false],
      ['lines[].sku', true, false],
      ['note', false, true],
      ['orderId', true, false],
      ['totalCents', true, false],
    ]);
    const [total] = fieldsOf(viewOf(contract as never).schema).filter(({ path }) => path === 'totalCents');
    expect(total).toMatchObject({ type: 'whole number', description: 'Whole minor units.' });
  });

  it('reads no broken bytes as something else than a fault that can be told', () => {
    const whole = encode(example);
    const read = (bytes: Buffer) => {
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(SchemaError);
        expect((error as Error).message).not.toContain('mug-blue');
      }
    };
    for (let length = 0; length < whole.length; length++) read(whole.subarray(0, length));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => read(Buffer.from(bytes))), { numRuns: 300 });
  });
});

describe('Confluent’s frame', () => {
  it('tells a schema’s id and, of Protobuf, the way to the message', () => {
    const payload = Buffer.from([1, 2, 3]);
    expect(frame('AVRO', 258, payload)).toEqual(Buffer.from([0, 0, 0, 1, 2, 1, 2, 3]));
    const { schemaId, rest } = unframe(frame('PROTOBUF', 258, payload));
    expect({ schemaId, ...splitIndexes(rest) }).toEqual({ schemaId: 258, indexes: [0], payload });
    expect(splitIndexes(Buffer.from([4, 2, 0, 9]))).toEqual({ indexes: [1, 0], payload: Buffer.from([9]) });
  });

  it('is never taken for JSON, nor JSON for it', () => {
    expect(isFramed(Buffer.from('{}'))).toBe(false);
    expect(isFramed(Buffer.from([0]))).toBe(true);
    expect([null, Buffer.alloc(0)].map(isFramed)).toEqual([false, false]);
    expect(() => unframe(Buffer.from([0, 0]))).toThrow(SchemaError);
    expect(() => splitIndexes(Buffer.from([255, 255]))).toThrow(SchemaError);
  });
});
