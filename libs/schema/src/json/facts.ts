import { compareNumbers } from '../compatibility/exact-number.js';
import type { JsonNumber } from '../compatibility/exact-number.js';
import type { SchemaGraph } from './schema-graph.js';
import { ANY_RANGE, tighter } from './schema-node.js';
import type { Id, Limit, Range, SchemaNode } from './schema-node.js';
import { ARRAY, NUMBER, OBJECT, STRING } from './types.js';

/** Schemas that all hold: a positive number is a schema, a negative one that it does not hold. Sorted, each once. */
export type Literals = readonly number[];

/** One of these sets of literals holds. */
export type Alternatives = readonly Literals[];

/** What is known of values for which some literals hold, as far as it can be said without distinguishing cases. */
export interface Facts {
  /** No value at all. */
  readonly dead: boolean;
  /** All literals that follow. */
  readonly held: ReadonlySet<number>;
  /** The schemas that hold, `$ref` and `allOf` followed. */
  readonly nodes: readonly SchemaNode[];
  /** Schemas that do not hold. */
  readonly denied: readonly Id[];
  readonly alternatives: readonly Alternatives[];
  readonly types: number;
  /** The only values that are left. */
  readonly values?: readonly unknown[];
  readonly lower?: Limit;
  readonly upper?: Limit;
  readonly steps: readonly JsonNumber[];
  readonly length: Range;
  readonly patterns: readonly string[];
  readonly size: Range;
  readonly unique: boolean;
  readonly count: Range;
  readonly required: ReadonlySet<string>;
  readonly forbidden: ReadonlySet<string>;
}

export function literals(...given: readonly number[]): Literals {
  return [...new Set(given)].filter((id) => id !== 1).sort((a, b) => a - b);
}

type Merged = Omit<Facts, 'dead' | 'held' | 'denied' | 'alternatives' | 'values' | 'forbidden'>;

/** The conjunction of what the schemas say, keyword by keyword. */
export function merged(nodes: readonly SchemaNode[], types: number): Merged {
  const facts = {
    nodes,
    lower: nodes.reduce<Limit | undefined>((limit, node) => tighter(limit, node.lower, 1), undefined),
    upper: nodes.reduce<Limit | undefined>((limit, node) => tighter(limit, node.upper, -1), undefined),
    steps: nodes.flatMap(({ step }) => step ?? []),
    length: overlap(nodes.map(({ length }) => length)),
    patterns: nodes.flatMap(({ pattern }) => pattern ?? []),
    size: overlap(nodes.map(({ size }) => size)),
    unique: nodes.some(({ unique }) => unique),
    count: overlap(nodes.map(({ count }) => count)),
    required: requiredBy(nodes),
  };
  return { ...facts, types: types & ~impossible(facts) };
}

function overlap(ranges: readonly Range[]): Range {
  return ranges.reduce((a, b) => ({ min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) }), ANY_RANGE);
}

/** Required names, and what `dependentRequired` makes of them. */
function requiredBy(nodes: readonly SchemaNode[]): Set<string> {
  const required = new Set(nodes.flatMap((node) => node.required));
  for (let before = -1; before < required.size; ) {
    before = required.size;
    for (const { needs } of nodes) for (const [name, others] of needs) if (required.has(name)) others.forEach((one) => required.add(one));
  }
  return required;
}

/** The types that the ranges leave no value of. */
function impossible({ lower, upper, length, size, count, required }: Omit<Merged, 'types' | 'nodes'>): number {
  const order = lower && upper ? compareNumbers(lower.value, upper.value) : -1;
  const noNumber = order > 0 || (order === 0 && (lower!.open || upper!.open));
  const noObject = count.min > count.max || required.size > count.max;
  return (noNumber ? NUMBER : 0) | (length.min > length.max ? STRING : 0) | (size.min > size.max ? ARRAY : 0) | (noObject ? OBJECT : 0);
}

/** What the schema consists of when it consists of one keyword only, so that its negation is simple. */
export function onlyKeyword(node: SchemaNode, graph: SchemaGraph): keyof SchemaNode | 'nothing' | undefined {
  const plain = graph.get(1);
  const said = (Object.keys(node) as (keyof SchemaNode)[]).filter((name) => name !== 'hasDefault' && !isSame(node[name], plain[name]));
  return said.length === 0 ? 'nothing' : said.length === 1 ? said[0] : undefined;
}

function isSame(value: unknown, plain: unknown): boolean {
  if (value === plain || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return typeof value === 'object' && (value as Range).min === 0 && (value as Range).max === Infinity;
}
