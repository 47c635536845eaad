import { valueKey } from '../compatibility/exact-json.js';
import { numberKey } from '../compatibility/exact-number.js';
import { SchemaGraph } from './schema-graph.js';
import { ANY_RANGE, TRUE } from './schema-node.js';
import type { Id, Limit, Range, SchemaNode } from './schema-node.js';

/**
 * The graph with one node for all schemas that are the same but for order and remarks, however their references run. Found by
 * refining: first schemas are told apart by what they say themselves, then, as long as that tells more of them apart, by their
 * parts.
 */
export function compacted(graph: SchemaGraph, roots: readonly Id[]): { graph: SchemaGraph; roots: Id[] } {
  const target = graph.nodes.map((_, id) => dissolved(graph, id));
  const classes = classesOf(graph.nodes, target);
  const known: number[] = [];
  const compact = new SchemaGraph();
  const idOf = (id: Id): Id => known[classes[target[id]!]!]!;
  // The schemas of every graph keep their numbers.
  for (const [id] of compact.nodes.entries()) known[classes[id]!] = id;
  const fresh = graph.nodes.flatMap((node, id) => {
    if (target[id] !== id || known[classes[id]!] !== undefined) return [];
    known[classes[id]!] = compact.nodes.push(node) - 1;
    return [known[classes[id]!]!];
  });
  for (const id of fresh) compact.nodes[id] = withParts(compact.nodes[id]!, idOf);
  return { graph: compact, roots: roots.map(idOf) };
}

/** What a schema is that only refers to another. */
function dissolved(graph: SchemaGraph, id: Id): Id {
  const node = graph.get(id);
  return id > 2 && node.all.length === 1 && ownKey({ ...node, all: [] }) === PLAIN && partsKey(node, () => 0) === ONE_PART ? dissolved(graph, node.all[0]!) : id;
}

function classesOf(nodes: readonly SchemaNode[], target: readonly Id[]): number[] {
  const own = numbered(nodes.map((node, id) => (id < 3 ? String(id) : ownKey(node))), 0);
  const composed = nodes.flatMap((node, id) => (partsKey(node, () => 0) === NO_PARTS ? [] : [id]));
  let classes = own;
  for (let count = 0; ; ) {
    const before = classes;
    const next = numbered(composed.map((id) => `${before[id]} ${partsKey(nodes[id]!, (sub) => before[target[sub]!]!)}`), nodes.length);
    const found = new Set(next).size;
    classes = [...own];
    composed.forEach((id, n) => (classes[id] = next[n]!));
    if (found === count) return classes;
    count = found;
  }
}

function numbered(keys: readonly string[], from: number): number[] {
  const numbers = new Map<string, number>();
  return keys.map((key) => numbers.get(key) ?? numbers.set(key, from + numbers.size).get(key)!);
}

/** What a schema says without its parts. */
function ownKey(node: SchemaNode): string {
  const limit = (side: string, one?: Limit) => (one ? `${side}${numberKey(one.value)}${one.open}` : '');
  return [
    node.never, node.types, node.hasDefault, node.unique,
    node.values ? `=${node.values.map(valueKey).sort().join()}` : '', limit('>', node.lower), limit('<', node.upper),
    node.step === undefined ? '' : `*${numberKey(node.step)}`, node.pattern === undefined ? '' : JSON.stringify(node.pattern),
    span(node.length), span(node.size), span(node.count), node.required.length > 0 ? JSON.stringify(node.required) : '',
    node.needs.size > 0 ? JSON.stringify([...node.needs].sort()) : '', node.contains ? `${span(node.contains)}${node.contains.evaluates}!` : '',
  ].join(' ');
}

function span(range: Range): string {
  return range === ANY_RANGE ? '' : `${range.min}-${range.max}`;
}

type Naming = (id: Id) => number;

/** No name can be taken for two. */
function plainName(name: string): string {
  return /[\s|"]/.test(name) ? JSON.stringify(name) : name;
}

function partsKey(node: SchemaNode, name: Naming): string {
  const table = (map: ReadonlyMap<string, Id>) => (map.size > 0 ? Array.from(map, ([key, id]) => `${plainName(key)} ${name(id)}`).sort().join('\n') : '');
  const bag = (ids?: readonly Id[]) => (ids ? [...new Set(ids.map(name))].sort().join() : '-');
  const one = (id?: Id) => (id === undefined ? '' : name(id));
  const { condition } = node;
  return [
    node.first.map(name).join(), one(node.rest), one(node.contains?.schema), one(node.otherItems),
    table(node.properties), table(node.patterns), one(node.additional), one(node.otherMembers), one(node.names), table(node.dependents),
    bag(node.all), bag(node.any), node.one?.map(name).sort().join() ?? '-', one(node.not),
    condition ? `${name(condition.if)}?${one(condition.then)}:${one(condition.else)}` : '',
  ].join('|');
}

const PLAIN = ownKey(TRUE);
const NO_PARTS = partsKey(TRUE, () => 0);
const ONE_PART = partsKey({ ...TRUE, all: [1] }, () => 0);

function withParts(node: SchemaNode, idOf: Naming): SchemaNode {
  const table = (map: ReadonlyMap<string, Id>) => (map.size > 0 ? new Map([...map].map(([key, id]) => [key, idOf(id)])) : map);
  const bag = (ids: readonly Id[]) => [...new Set(ids.map(idOf))];
  const one = (id?: Id) => (id === undefined ? undefined : idOf(id));
  const { condition, contains } = node;
  return {
    ...node,
    first: node.first.map(idOf), rest: one(node.rest), contains: contains && { ...contains, schema: idOf(contains.schema) }, otherItems: one(node.otherItems),
    properties: table(node.properties), patterns: table(node.patterns), additional: one(node.additional), otherMembers: one(node.otherMembers),
    names: one(node.names), dependents: table(node.dependents),
    all: bag(node.all), any: node.any && bag(node.any), one: node.one?.map(idOf), not: one(node.not),
    condition: condition && { if: idOf(condition.if), then: one(condition.then), else: one(condition.else) },
  };
}
