import { isDeepStrictEqual } from 'node:util';
import { items, describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';
import type { Compare } from './compare.js';
import type { JsonSchema, Keywords } from './json-schema.js';
import { lowerBound, upperBound } from './scalar-breaks.js';

/** The schemas of the first items, and the schema of all later items, in both JSON Schema dialects. */
function shapeOf({ items: each, prefixItems, additionalItems }: Keywords): { first: JsonSchema[]; rest: JsonSchema } {
  if (Array.isArray(each)) return { first: each as JsonSchema[], rest: (additionalItems as JsonSchema | undefined) ?? true };
  return { first: (prefixItems as JsonSchema[] | undefined) ?? [], rest: (each as JsonSchema | undefined) ?? true };
}

export function arrayBreaks(reader: Keywords, writer: Keywords, path: string, compare: Compare): Break[] {
  const ours = shapeOf(reader);
  const theirs = shapeOf(writer);
  const breaks: Break[] = [
    ...(reader.minItems === 0 ? [] : lowerBound(reader, writer, 'minItems', 'MIN_ITEMS_INCREASED', path)),
    ...upperBound(reader, writer, 'maxItems', 'MAX_ITEMS_DECREASED', path),
  ];
  for (let n = 0; n < Math.max(ours.first.length, theirs.first.length); n++) {
    breaks.push(...compare(ours.first[n] ?? ours.rest, theirs.first[n] ?? theirs.rest, `${path}[${n}]`));
  }
  // This writer never sends more than its first items, so the rest does not matter.
  const bounded = typeof writer.maxItems === 'number' && writer.maxItems <= theirs.first.length;
  if (!bounded && theirs.rest !== false) breaks.push(...compare(ours.rest, theirs.rest, items(path)));
  if (reader.uniqueItems === true && writer.uniqueItems !== true) {
    breaks.push({ kind: 'UNIQUE_ITEMS_ADDED', path, reason: `the reader wants no item twice at ${describePath(path)}, the writer may repeat one` });
  }
  if (reader.contains !== undefined && !isDeepStrictEqual(reader.contains, writer.contains)) {
    breaks.push({ kind: 'CONTAINS_CHANGED', path, reason: `the reader's "contains" at ${describePath(path)} is not the writer's` });
  }
  return breaks;
}
