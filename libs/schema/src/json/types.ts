import type { JsonNumber } from '../compatibility/exact-number.js';
import { isNumber, isWhole } from '../compatibility/exact-number.js';

/** Sets of types as bits; `number` is whole numbers and fractions. */
export const NULL = 1;
export const BOOLEAN = 2;
export const OBJECT = 4;
export const ARRAY = 8;
export const STRING = 16;
export const WHOLE = 32;
export const FRACTION = 64;
export const NUMBER = WHOLE | FRACTION;
export const ALL = 127;

const BITS: Readonly<Record<string, number>> = {
  null: NULL, boolean: BOOLEAN, object: OBJECT, array: ARRAY, string: STRING, integer: WHOLE, number: NUMBER,
};

export function bitsOf(type: unknown): number {
  if (type === undefined) return ALL;
  return [type].flat().reduce<number>((bits, name) => bits | (BITS[name as string] ?? 0), 0);
}

export function typeBit(value: unknown): number {
  if (value === null) return NULL;
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'string') return STRING;
  if (isNumber(value)) return isWhole(value as JsonNumber) ? WHOLE : FRACTION;
  return Array.isArray(value) ? ARRAY : OBJECT;
}

/** `string or null`. */
export function typeNames(bits: number): string {
  if (bits === ALL) return 'anything';
  const names = Object.entries(BITS).filter(([name, bit]) => (name === 'integer' ? (bits & NUMBER) === WHOLE : (bits & bit) === bit || (name === 'number' && (bits & FRACTION) !== 0)));
  return names.map(([name]) => name).join(' or ') || 'nothing';
}

/** Whole numbers and fractions apart. */
export function singleTypes(bits: number): number[] {
  return [NULL, BOOLEAN, OBJECT, ARRAY, STRING, WHOLE, FRACTION].filter((bit) => (bits & bit) !== 0);
}
