import { exactJson, valueKey } from '../compatibility/exact-json.js';
import { numberKey } from '../compatibility/exact-number.js';
import type { SchemaGraph } from './schema-graph.js';
import type { Limit, SchemaNode } from './schema-node.js';

/**
 * A number per schema of the graph, the same for schemas that are the same but for order and remarks, however their references
 * run. Found by refining: first schemas are told apart by what they say themselves, then, as long as that tells more of them
 * apart, by the classes of their parts.
 */
export function classesOf(graph: SchemaGraph, from: readonly number[] = []): number[] {
  const own = graph.nodes.map((node, id) => from[id] ?? `${id < 3 ? id : ''} ${exactJson(saysItself(node))}`);
  let classes = numbered(own.map(String));
  for (let count = 0; ; ) {
    const next = numbered(graph.nodes.map((node, id) => `${classes[id]} ${parts(node, (sub) => classes[sub]!)}`));
    const found = new Set(next).size;
    if (found === count) return next;
    [classes, count] = [next, found];
  }
}

function numbered(keys: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return keys.map((key) => numbers.get(key) ?? numbers.set(key, numbers.size).size - 1);
}

function saysItself(node: SchemaNode): unknown {
  const limit = (one?: Limit) => one && [numberKey(one.value), one.open];
  return [
    node.never, node.types, node.values?.map(valueKey).sort(), limit(node.lower), limit(node.upper), node.step && numberKey(node.step),
    span(node.length), node.pattern, span(node.size), node.unique, span(node.count), node.required, [...node.needs].sort(), node.hasDefault,
    node.contains && [span(node.contains), node.contains.evaluates],
  ].map((one) => one ?? null);
}

function span({ min, max }: { min: number; max: number }): string {
  return `${min}-${max}`;
}

function parts(node: SchemaNode, classOf: (id: number) => number): string {
  const table = (map: ReadonlyMap<string, number>) => [...map].map(([name, id]) => `${JSON.stringify(name)}:${classOf(id)}`).sort().join(',');
  const bag = (ids?: readonly number[]) => (ids ? [...new Set(ids.map(classOf))].sort().join(',') : '-');
  const list = (ids?: readonly number[]) => ids?.map(classOf).sort().join(',') ?? '-';
  const one = (id?: number) => (id === undefined ? '-' : classOf(id));
  const { condition } = node;
  return [
    node.first.map(classOf).join(','), one(node.rest), one(node.contains?.schema), one(node.otherItems),
    table(node.properties), table(node.patterns), one(node.additional), one(node.otherMembers), one(node.names), table(node.dependents),
    bag(node.all), bag(node.any), list(node.one), one(node.not), one(condition?.if), one(condition?.then), one(condition?.else),
  ].join('|');
}
