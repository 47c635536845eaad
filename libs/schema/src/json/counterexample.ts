import { exactJson } from '../compatibility/exact-json.js';
import { accepts } from './accepts.js';
import { withLiterals } from './conjunctions.js';
import type { Facts, Literals } from './facts.js';
import { inPlace } from './schema-graph.js';
import type { Id, SchemaNode } from './schema-node.js';
import { ARRAY, BOOLEAN, NULL, NUMBER, OBJECT, STRING } from './types.js';
import type { Within } from './within.js';

const MOST = 12;
const DEEPEST = 4;
const MOST_SAMPLES = 1_000;
const LONGEST = 200;

/** A value that the writer's schema allows and the reader's refuses, as JSON; undefined where none was found in a few tries. */
export function counterexample(within: Within, reader: Id, writer: Id): string | undefined {
  const tries = new Samples(within).of([writer], [reader], 0);
  const found = tries.filter((value) => accepts(within.graph, writer, value, false) && !accepts(within.graph, reader, value, true));
  const [shortest] = found.map(exactJson).sort((a, b) => a.length - b.length);
  return shortest !== undefined && shortest.length <= LONGEST ? shortest : undefined;
}

/** Values of a writer, chosen where a reader has its edges. */
class Samples {
  private left = MOST_SAMPLES;

  constructor(private readonly within: Within) {}

  of(writer: Literals, readers: readonly Id[], depth: number): unknown[] {
    const facts = this.within.conjunctions.factsOf(writer);
    if (facts.dead || depth > DEEPEST || this.left-- <= 0) return [];
    if (facts.values) return facts.values.slice(0, MOST);
    const [cases] = facts.alternatives;
    if (cases) return cases.slice(0, MOST).flatMap((more) => this.of(withLiterals(writer, ...more), readers, depth + 1)).slice(0, MOST * 2);
    const nodes = this.nodesOf(readers);
    const values = [
      ...(facts.types & OBJECT ? this.objects(facts, nodes, depth) : []),
      ...(facts.types & ARRAY ? this.arrays(facts, nodes, depth) : []),
      ...(facts.types & STRING ? texts(facts, nodes) : []),
      ...(facts.types & NUMBER ? numbers(facts, nodes) : []),
      ...(facts.types & BOOLEAN ? [true] : []),
      ...(facts.types & NULL ? [null] : []),
    ];
    return values.filter((value) => writer.every((literal) => accepts(this.within.graph, Math.abs(literal), value, false) === literal > 0));
  }

  /** The readers and what they apply to the same value. */
  private nodesOf(readers: readonly Id[]): SchemaNode[] {
    const ids = new Set(readers);
    for (const id of ids) inPlace(this.within.graph.get(id)).forEach((part) => ids.add(part));
    return [...ids].map((id) => this.within.graph.get(id));
  }

  private objects(facts: Facts, readers: readonly SchemaNode[], depth: number): unknown[] {
    const inside = (name: string) => {
      const read = readers.flatMap(({ properties, additional }) => properties.get(name) ?? additional ?? []);
      return this.of(this.within.parts.member(facts, name), read, depth + 1);
    };
    const least = Object.fromEntries([...facts.required].map((name) => [name, inside(name)[0]]));
    const names = new Set([...facts.required, ...[...facts.nodes, ...readers].flatMap(({ properties, required }) => [...properties.keys(), ...required]), 'other']);
    const varied = [...names].flatMap((name) => inside(name).slice(0, MOST).map((value) => ({ ...least, [name]: value })));
    return [least, ...varied];
  }

  private arrays(facts: Facts, readers: readonly SchemaNode[], depth: number): unknown[] {
    const inside = (at: number) => this.of(this.within.parts.item(facts, at), readers.flatMap(({ first, rest }) => first[at] ?? rest ?? []), depth + 1);
    const counts = edges(facts.size.min, readers.map(({ size }) => size)).filter((count) => count <= MOST);
    const several = counts.flatMap((count) => {
      const items = Array.from({ length: count }, (_, at) => inside(at));
      const most = Math.max(1, ...items.map((all) => all.length));
      return Array.from({ length: Math.min(most, MOST) }, (_, n) => items.map((all) => all[Math.min(n, all.length - 1)]));
    });
    return several;
  }
}

/** Numbers at both sides of the edges of ranges. */
function edges(least: number, ranges: readonly { min: number; max: number }[]): number[] {
  return [...new Set([least, 0, 1, ...ranges.flatMap(({ min, max }) => [min - 1, min, max, max + 1])])].filter((count) => count >= 0 && count < 1_000);
}

function texts(facts: Facts, readers: readonly SchemaNode[]): string[] {
  return edges(facts.length.min, readers.map(({ length }) => length)).flatMap((length) => ['a', 'A', '1'].map((letter) => letter.repeat(length)));
}

function numbers(facts: Facts, readers: readonly SchemaNode[]): number[] {
  const limits = [...readers, facts].flatMap(({ lower, upper }) => [lower, upper].flatMap((limit) => (limit ? [Number(limit.value)] : [])));
  return [...new Set([0, 1, 0.5, 1_000, ...limits.flatMap((at) => [at - 1, at, at + 1, at + 0.5])])];
}
