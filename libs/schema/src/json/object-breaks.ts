import { isDeepStrictEqual } from 'node:util';
import { member, describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';
import type { Compare } from './compare.js';
import { isKeywords, isOpen } from './json-schema.js';
import type { JsonSchema, Keywords } from './json-schema.js';
import { lowerBound, upperBound } from './scalar-breaks.js';

type Table = Readonly<Record<string, JsonSchema>>;

const table = (value: unknown): Table => (isKeywords(value) ? (value as Table) : {});
const names = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

/** The schema of an unnamed property: from matching patterns, else from `additionalProperties`. */
function unnamed(schema: Keywords, name: string): JsonSchema {
  const patterns = Object.entries(table(schema.patternProperties)).filter(([pattern]) => matches(pattern, name));
  if (patterns.length > 0) return patterns.length === 1 ? patterns[0]![1] : { allOf: patterns.map(([, sub]) => sub) };
  return (schema.additionalProperties as JsonSchema | undefined) ?? true;
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name);
  } catch {
    return false;
  }
}

export function objectBreaks(reader: Keywords, writer: Keywords, path: string, compare: Compare): Break[] {
  return [
    ...requiredBreaks(reader, writer, path),
    ...propertyBreaks(reader, writer, path, compare),
    ...othersBreaks(reader, writer, path, compare),
    ...(reader.minProperties === 0 ? [] : lowerBound(reader, writer, 'minProperties', 'MIN_PROPERTIES_INCREASED', path)),
    ...upperBound(reader, writer, 'maxProperties', 'MAX_PROPERTIES_DECREASED', path),
    ...dependencyBreaks(reader, writer, path),
  ];
}

function requiredBreaks(reader: Keywords, writer: Keywords, path: string): Break[] {
  const sent = names(writer.required);
  return names(reader.required)
    .filter((name) => !sent.includes(name) && !hasDefault(table(reader.properties)[name]))
    .map((name) => {
      const known = Object.hasOwn(table(writer.properties), name);
      const kind = known ? 'REQUIRED_ATTRIBUTE_ADDED' : 'REQUIRED_PROPERTY_ADDED';
      const how = known ? 'may leave it out' : 'does not have it';
      const at = member(path, name);
      return { kind, path: at, reason: `the reader requires ${describePath(at)}, the writer ${how}` };
    });
}

function hasDefault(schema: JsonSchema | undefined): boolean {
  return isKeywords(schema) && schema.default !== undefined;
}

function propertyBreaks(reader: Keywords, writer: Keywords, path: string, compare: Compare): Break[] {
  const ours = table(reader.properties);
  const theirs = table(writer.properties);
  const all = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  return all.flatMap((name) => {
    const written = Object.hasOwn(theirs, name) ? theirs[name]! : unnamed(writer, name);
    const read = Object.hasOwn(ours, name) ? ours[name]! : unnamed(reader, name);
    const at = member(path, name);
    if (read === false && written !== false) return [closedTo(at)];
    if (!Object.hasOwn(theirs, name) && isOpen(written) && !isOpen(read)) return [openTo(at)];
    return compare(read, written, at);
  });
}

function closedTo(path: string): Break {
  const reason = `the writer may send ${describePath(path)}, which the reader forbids (its content is closed)`;
  return { kind: 'PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL', path, reason };
}

function openTo(path: string): Break {
  const reason = `the writer's content is open: it may hold anything at ${describePath(path)}, of which the reader takes only some`;
  return { kind: 'PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', path, reason };
}

/** Breaks in properties that neither schema names. */
function othersBreaks(reader: Keywords, writer: Keywords, path: string, compare: Compare): Break[] {
  const breaks: Break[] = [];
  const ours = table(reader.patternProperties);
  const theirs = table(writer.patternProperties);
  for (const [pattern, written] of Object.entries(theirs)) {
    const read = ours[pattern] ?? (reader.additionalProperties as JsonSchema | undefined) ?? true;
    breaks.push(...compare(read, written, member(path, `/${pattern}/`)));
  }
  const rest = (writer.additionalProperties as JsonSchema | undefined) ?? true;
  for (const [pattern, read] of Object.entries(ours)) {
    if (theirs[pattern] === undefined && rest !== false) breaks.push(...compare(read, rest, member(path, `/${pattern}/`)));
  }
  const takes = (reader.additionalProperties as JsonSchema | undefined) ?? true;
  if (rest === false || isOpen(takes)) return breaks;
  if (takes === false) {
    const reason = `the writer may send properties at ${describePath(path)} that nobody names, the reader forbids them`;
    return [...breaks, { kind: 'ADDITIONAL_PROPERTIES_REMOVED', path, reason }];
  }
  return [...breaks, ...compare(takes, rest, member(path, '*'))];
}

function dependencyBreaks(reader: Keywords, writer: Keywords, path: string): Break[] {
  const breaks: Break[] = [];
  const theirs = table(writer.dependentRequired) as Record<string, unknown>;
  for (const [name, needed] of Object.entries(table(reader.dependentRequired) as Record<string, unknown>)) {
    const sent = [...names(theirs[name]), ...names(writer.required)];
    const missing = names(needed).filter((one) => !sent.includes(one));
    const canHave = Object.hasOwn(table(writer.properties), name) || unnamed(writer, name) !== false;
    if (missing.length === 0 || !canHave) continue;
    const reason = `the reader requires ${missing.join(', ')} beside ${describePath(member(path, name))}, the writer does not`;
    breaks.push({ kind: 'DEPENDENCY_ARRAY_ADDED', path: member(path, name), reason });
  }
  if (reader.propertyNames !== undefined && !isDeepStrictEqual(reader.propertyNames, writer.propertyNames)) {
    breaks.push({ kind: 'PROPERTY_NAMES_CHANGED', path, reason: `the reader restricts the names of properties at ${describePath(path)}` });
  }
  return breaks;
}
