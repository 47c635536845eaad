import type { Break } from '../compatibility/break.js';
import type { JsonSchema } from './json-schema.js';

/** Compares two places; what the rules for objects and arrays call for their members. */
export type Compare = (reader: JsonSchema, writer: JsonSchema, path: string) => Break[];
