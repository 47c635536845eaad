import { avroPairs } from './avro-pairs.js';
import { jsonPairs } from './json-pairs.js';
import { protobufPairs } from './protobuf-pairs.js';

/** Two schemas of one subject, and what changes from the first to the second. */
export interface Pair {
  readonly format: 'AVRO' | 'JSON' | 'PROTOBUF';
  readonly change: string;
  readonly from: string;
  readonly to: string;
}

/** Every pair of named variants, both ways round. */
export function everyChange(format: Pair['format'], variants: Readonly<Record<string, string>>): Pair[] {
  const names = Object.keys(variants);
  return names.flatMap((from) =>
    names.filter((to) => to !== from).map((to) => ({ format, change: `${from} → ${to}`, from: variants[from]!, to: variants[to]! })),
  );
}

export function allPairs(): Pair[] {
  return [...avroPairs(), ...jsonPairs(), ...protobufPairs()];
}
