import { describePath } from '../compatibility/break.js';
import { exactJson } from '../compatibility/exact-json.js';
import { compareNumbers, isMultiple } from '../compatibility/exact-number.js';
import { accepts } from './accepts.js';
import type { Facts, Literals } from './facts.js';
import { gap } from '../compatibility/gap.js';
import type { Gap } from '../compatibility/gap.js';
import type { SchemaGraph } from './schema-graph.js';
import type { Id, Limit, Range, SchemaNode } from './schema-node.js';
import { ALL, NUMBER, STRING, typeBit, typeNames, WHOLE } from './types.js';
import type { Within } from './within.js';

/** The writer sends one of a few values: each is asked for. */
export function valueGaps(graph: SchemaGraph, reader: Id, values: readonly unknown[]): Gap[] {
  const { types } = graph.get(reader);
  const refused = values.filter((value) => !accepts(graph, reader, value, false));
  return refused.map((value) => gap((types & typeBit(value)) === 0 ? 'TYPE_NARROWED' : 'ENUM_ARRAY_NARROWED', '', (path) =>
    `the writer may send ${exactJson(value)} at ${describePath(path)}, which the reader refuses`));
}

/** Types that the reader does not take, or any value where it takes only some. */
export function typeGaps({ types, values }: SchemaNode, facts: Facts): Gap[] {
  const foreign = facts.types & ~types;
  if (foreign !== 0) {
    const kind = foreign === facts.types ? 'TYPE_CHANGED' : 'TYPE_NARROWED';
    const sent = foreign === (facts.types & NUMBER & ~WHOLE) ? 'fractions' : facts.types === ALL ? 'anything' : typeNames(foreign);
    return [gap(kind, '', (path) => `the reader takes ${typeNames(types)} at ${describePath(path)}, the writer may send ${sent}`)];
  }
  if (!values) return [];
  return [gap('ENUM_ARRAY_NARROWED', '', (path) => `the reader takes only certain values at ${describePath(path)}, the writer may send others`)];
}

export function scalarGaps(_within: Within, reader: SchemaNode, _writer: Literals, facts: Facts): Gap[] {
  return [
    ...((facts.types & STRING) === 0 ? [] : stringGaps(reader, facts)),
    ...((facts.types & NUMBER) === 0 ? [] : numberGaps(reader, facts)),
  ];
}

function stringGaps(reader: SchemaNode, facts: Facts): Gap[] {
  const gaps = rangeGaps(reader.length, facts.length, ['minLength', 'MIN_LENGTH_INCREASED'], ['maxLength', 'MAX_LENGTH_DECREASED']);
  if (reader.pattern === undefined || isTrivial(reader.pattern) || facts.patterns.includes(reader.pattern)) return gaps;
  const kind = facts.patterns.length === 0 ? 'PATTERN_ADDED' : 'PATTERN_CHANGED';
  return [...gaps, gap(kind, '', (path) => `the reader's pattern at ${describePath(path)} is not the writer's`)];
}

/** Found in every text. */
function isTrivial(pattern: string): boolean {
  return /^\^?(\.\*)?$/.test(pattern);
}

type Side = readonly [keyword: string, kind: string];

export function rangeGaps(reader: Range, writer: Range, [least, raised]: Side, [most, lowered]: Side): Gap[] {
  const said = (keyword: string, ours: number, theirs: number | undefined) => (path: string) =>
    `the reader's ${keyword} at ${describePath(path)} is ${ours}, the writer's ${theirs ?? 'not set'}`;
  return [
    ...(reader.min > writer.min ? [gap(raised, '', said(least, reader.min, writer.min || undefined))] : []),
    ...(reader.max < writer.max ? [gap(lowered, '', said(most, reader.max, writer.max === Infinity ? undefined : writer.max))] : []),
  ];
}

function numberGaps({ lower, upper, step }: SchemaNode, facts: Facts): Gap[] {
  const gaps: Gap[] = [];
  const limited = (kind: string, side: string, limit: Limit) =>
    gap(kind, '', (path) => `the reader takes nothing ${side} ${exactJson(limit.value)} at ${describePath(path)}, the writer may send it`);
  if (lower && !keeps(lower, facts.lower, 1)) gaps.push(limited('MINIMUM_INCREASED', 'below', lower));
  if (upper && !keeps(upper, facts.upper, -1)) gaps.push(limited('MAXIMUM_DECREASED', 'above', upper));
  const steps = (facts.types & NUMBER) === WHOLE ? [1, ...facts.steps] : facts.steps;
  if (step !== undefined && !steps.some((sent) => isMultiple(sent, step))) {
    gaps.push(gap('MULTIPLE_OF_CHANGED', '', (path) => `the reader takes only multiples of ${exactJson(step)} at ${describePath(path)}, the writer may send others`));
  }
  return gaps;
}

/** Whether a writer's limit lies on or inside a reader's. */
function keeps(ours: Limit, theirs: Limit | undefined, side: 1 | -1): boolean {
  if (!theirs) return false;
  const order = compareNumbers(theirs.value, ours.value) * side;
  return order > 0 || (order === 0 && (theirs.open || !ours.open));
}
