import type { Break } from '../compatibility/break.js';
import type { JsonSchema } from './json-schema.js';

/** Compares two schemas at a path; the rules for objects and arrays call it for their members. */
export type Compare = (reader: JsonSchema, writer: JsonSchema, path: string) => Break[];
