import { SchemaError } from './schema.error.js';

/** A number of a JSON text that JavaScript's numbers would round: 9223372036854775807. */
export class ExactNumber {
  constructor(readonly text: string) {}

  /** Only as an approximation. */
  valueOf(): number {
    return Number(this.text);
  }
}

export type JsonNumber = number | ExactNumber;

export function isNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** The number of a JSON text; an ExactNumber when rounding would change it. Throws SchemaError for an absurd exponent. */
export function numberFrom(text: string): JsonNumber {
  const value = Number(text);
  if (text.length < 16 && !/e/i.test(text)) return value;
  const exact = new ExactNumber(text);
  return Number.isFinite(value) && compareDecimals(decimal(exact), decimal(value)) === 0 ? value : exact;
}

/** mantissa × 10^exponent */
interface Decimal {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const MAX_EXPONENT = 400;
const MAX_DIGITS = 1_000;

function decimal(number: JsonNumber): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(textOf(number)) ?? [];
  const exponent = Number(power) - fraction.length;
  if (Math.abs(Number(power)) > MAX_EXPONENT || whole.length + fraction.length > MAX_DIGITS) {
    throw new SchemaError(`The number ${textOf(number).slice(0, 20)}… is too long.`);
  }
  return { mantissa: BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}` || '0'), exponent };
}

function textOf(number: JsonNumber): string {
  return number instanceof ExactNumber ? number.text : String(number);
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (one: Decimal) => one.mantissa * 10n ** BigInt(one.exponent - exponent);
  return [scaled(a), scaled(b)];
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Below, at or above zero, as `a - b` would be. */
export function compareNumbers(a: JsonNumber, b: JsonNumber): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareDecimals(decimal(a), decimal(b));
}

/** Exact, so that 0.3 is a multiple of 0.1. */
export function isMultiple(of: JsonNumber, step: JsonNumber): boolean {
  if (Number.isSafeInteger(of) && Number.isSafeInteger(step) && step !== 0) return Number(of) % Number(step) === 0;
  const [value, unit] = aligned(decimal(of), decimal(step));
  return unit !== 0n && value % unit === 0n;
}

export function isWhole(number: JsonNumber): boolean {
  return typeof number === 'number' ? Number.isInteger(number) : isMultiple(number, 1);
}

/** One text for every spelling of the same number. */
export function numberKey(number: JsonNumber): string {
  if (typeof number === 'number') return String(number);
  let { mantissa, exponent } = decimal(number);
  while (mantissa !== 0n && mantissa % 10n === 0n) [mantissa, exponent] = [mantissa / 10n, exponent + 1];
  return `${mantissa}e${exponent}`;
}
