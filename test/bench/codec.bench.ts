import { isDeepStrictEqual } from 'node:util';
import { decoderOf, encoderOf, frame, unframe } from '@nestbox/schema';
import type { SchemaText } from '@nestbox/schema';
import { spread } from './figures.js';
import type { Result } from './figures.js';
import { progress } from './progress.js';
import { placedOrder } from './shop.js';
import type { OrderPlaced } from './shop.js';

const EVENTS = 2_000;
const PASSES = 20;
const SCHEMA_ID = 7;

const line = [{ name: 'sku', type: 'string' }, { name: 'quantity', type: 'int' }, { name: 'note', type: 'string' }];
const avro = JSON.stringify({
  type: 'record',
  name: 'OrderPlaced',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'userId', type: 'string' },
    { name: 'totalCents', type: 'long' },
    { name: 'period', type: 'string' },
    { name: 'lines', type: { type: 'array', items: { type: 'record', name: 'Line', fields: line } } },
  ],
});
const protobuf = `syntax = "proto3";
message OrderPlaced {
  string order_id = 1;
  string user_id = 2;
  int64 total_cents = 3;
  string period = 4;
  repeated Line lines = 5;
}
message Line {
  string sku = 1;
  int32 quantity = 2;
  string note = 3;
}`;
const formats: readonly SchemaText[] = [{ format: 'AVRO', text: avro }, { format: 'PROTOBUF', text: protobuf }];

/** What writing and reading the data of an event costs in each format, against JSON.stringify and JSON.parse. */
export async function codecBench(rounds: number): Promise<Result[]> {
  const events = Array.from({ length: EVENTS }, (_, n) => placedOrder(n).data as OrderPlaced);
  const texts = events.map((data) => Buffer.from(JSON.stringify(data)));
  const results: Result[] = [];
  for (const schema of formats) {
    const encode = encoderOf(schema);
    const decode = decoderOf(schema);
    const write = (data: OrderPlaced) => frame(schema.format, SCHEMA_ID, encode(data));
    const values = events.map(write);
    // A message index of one byte stands before Protobuf's bytes.
    const read = (value: Buffer) => decode(unframe(value).rest.subarray(schema.format === 'PROTOBUF' ? 1 : 0));
    if (!isDeepStrictEqual(read(values[0]!), events[0])) throw new Error(`Void: ${schema.format} reads something else.`);
    const size = { bytes: [average(values)], 'JSON bytes': [average(texts)] };
    results.push(await measure(`write ${schema.format} / JSON.stringify`, rounds, () => events.forEach(write), () => events.forEach(stringify), size));
    results.push(await measure(`read ${schema.format} / JSON.parse`, rounds, () => values.forEach(read), () => texts.forEach(parse), size));
  }
  return results;
}

function stringify(data: OrderPlaced): Buffer {
  return Buffer.from(JSON.stringify(data));
}

function parse(value: Buffer): unknown {
  return JSON.parse(value.toString('utf8')) as unknown;
}

function average(values: readonly Buffer[]): number {
  return values.reduce((sum, { length }) => sum + length, 0) / values.length;
}

async function measure(name: string, rounds: number, ours: () => void, baseline: () => void, details: Result['details']): Promise<Result> {
  const rates: { ours: number[]; baseline: number[] } = { ours: [], baseline: [] };
  for (let at = 0; at <= rounds; at++) {
    progress(`${name}: round ${at} of ${rounds}${at === 0 ? ' (warm-up)' : ''}`);
    const [rate, base] = [perSecond(ours), perSecond(baseline)];
    if (at === 0) continue;
    rates.ours.push(rate);
    rates.baseline.push(base);
  }
  const ratio = rates.ours.map((rate, n) => (100 * rate) / rates.baseline[n]!);
  const target = { text: '>= 25 %', least: 25 };
  const shown = { ...details, 'events/s': rates.ours, 'JSON events/s': rates.baseline };
  return { name, unit: '%', target: target.text, met: spread(ratio).median >= target.least, rounds: ratio, details: shown };
}

function perSecond(once: () => void): number {
  const started = performance.now();
  for (let pass = 0; pass < PASSES; pass++) once();
  return (1_000 * EVENTS * PASSES) / (performance.now() - started);
}
