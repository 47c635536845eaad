import { ExactNumber } from '../compatibility/exact-number.js';

export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
export type Keywords = Exclude<JsonSchema, boolean>;

export function isKeywords(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
