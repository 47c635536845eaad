import { describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';
import type { Keywords } from './json-schema.js';

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A break when the reader's lower limit is above the writer's. */
export function lowerBound(reader: Keywords, writer: Keywords, name: string, kind: string, path: string): Break[] {
  const ours = number(reader[name]);
  const theirs = number(writer[name]);
  if (ours === undefined || (theirs !== undefined && theirs >= ours)) return [];
  return [{ kind, path, reason: `the reader's ${name} at ${describePath(path)} is ${ours}, the writer's ${theirs ?? 'not set'}` }];
}

export function upperBound(reader: Keywords, writer: Keywords, name: string, kind: string, path: string): Break[] {
  const ours = number(reader[name]);
  const theirs = number(writer[name]);
  if (ours === undefined || (theirs !== undefined && theirs <= ours)) return [];
  return [{ kind, path, reason: `the reader's ${name} at ${describePath(path)} is ${ours}, the writer's ${theirs ?? 'not set'}` }];
}

export function stringBreaks(reader: Keywords, writer: Keywords, path: string): Break[] {
  const breaks = [
    ...(reader.minLength === 0 ? [] : lowerBound(reader, writer, 'minLength', 'MIN_LENGTH_INCREASED', path)),
    ...upperBound(reader, writer, 'maxLength', 'MAX_LENGTH_DECREASED', path),
  ];
  if (reader.pattern !== undefined && reader.pattern !== writer.pattern) {
    const kind = writer.pattern === undefined ? 'PATTERN_ADDED' : 'PATTERN_CHANGED';
    breaks.push({ kind, path, reason: `the reader's pattern at ${describePath(path)} is not the writer's` });
  }
  return breaks;
}

export function numberBreaks(reader: Keywords, writer: Keywords, path: string): Break[] {
  const breaks = [...belowBreaks(reader, writer, path), ...aboveBreaks(reader, writer, path)];
  const ours = number(reader.multipleOf);
  const theirs = number(writer.multipleOf) ?? (writer.type === 'integer' ? 1 : undefined);
  if (ours !== undefined && (theirs === undefined || !Number.isInteger(theirs / ours))) {
    breaks.push({
      kind: 'MULTIPLE_OF_CHANGED',
      path,
      reason: `the reader takes only multiples of ${ours} at ${describePath(path)}, the writer may send others`,
    });
  }
  return breaks;
}

function belowBreaks(reader: Keywords, writer: Keywords, path: string): Break[] {
  const limit = Math.max(number(reader.minimum) ?? -Infinity, number(reader.exclusiveMinimum) ?? -Infinity);
  if (limit === -Infinity) return [];
  const strictly = number(reader.exclusiveMinimum) === limit;
  const closedAt = number(writer.minimum) ?? -Infinity;
  const openAt = number(writer.exclusiveMinimum) ?? -Infinity;
  const keeps = openAt >= limit || (strictly ? closedAt > limit : closedAt >= limit);
  if (keeps) return [];
  return [{ kind: 'MINIMUM_INCREASED', path, reason: `the reader takes nothing below ${limit} at ${describePath(path)}, the writer may send it` }];
}

function aboveBreaks(reader: Keywords, writer: Keywords, path: string): Break[] {
  const limit = Math.min(number(reader.maximum) ?? Infinity, number(reader.exclusiveMaximum) ?? Infinity);
  if (limit === Infinity) return [];
  const strictly = number(reader.exclusiveMaximum) === limit;
  const closedAt = number(writer.maximum) ?? Infinity;
  const openAt = number(writer.exclusiveMaximum) ?? Infinity;
  const keeps = openAt <= limit || (strictly ? closedAt < limit : closedAt <= limit);
  if (keeps) return [];
  return [{ kind: 'MAXIMUM_DECREASED', path, reason: `the reader takes nothing above ${limit} at ${describePath(path)}, the writer may send it` }];
}
