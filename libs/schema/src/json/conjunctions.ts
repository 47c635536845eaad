import { accepts } from './accepts.js';
import { literals, merged, onlyKeyword } from './facts.js';
import type { Alternatives, Facts, Literals } from './facts.js';
import type { SchemaGraph } from './schema-graph.js';
import type { Id, SchemaNode } from './schema-node.js';
import { ALL, BOOLEAN, NULL, OBJECT } from './types.js';

/** Says what follows from literals that all hold. */
export class Conjunctions {
  private readonly known = new Map<string, Facts>();

  constructor(readonly graph: SchemaGraph) {}

  factsOf(given: Literals): Facts {
    const key = given.join();
    let facts = this.known.get(key);
    if (!facts) this.known.set(key, (facts = new Conjunction(this).of(given)));
    return facts;
  }

  /** An object schema that requires one name. */
  requiring(...names: readonly string[]): Id {
    return this.graph.make({ required: names }, `required ${JSON.stringify(names)}`);
  }

}

/** One computation of Facts. */
class Conjunction {
  private dead = false;
  private types = ALL;
  private readonly held = new Set<number>();
  private readonly nodes: SchemaNode[] = [];
  private readonly denied: Id[] = [];
  private readonly forbidden = new Set<string>();
  private alternatives: Alternatives[] = [];

  constructor(private readonly conjunctions: Conjunctions) {}

  of(given: Literals): Facts {
    given.forEach((literal) => this.add(literal));
    while (!this.dead && this.settle());
    const facts = merged(this.nodes, this.types);
    const types = [...this.forbidden].some((name) => facts.required.has(name)) ? facts.types & ~OBJECT : facts.types;
    const values = this.dead || types === 0 ? [] : this.valuesOf(given, types);
    const { held, denied, forbidden } = this;
    const alternatives = values ? [] : this.alternatives;
    return { ...facts, dead: values?.length === 0, types, values, held, denied, forbidden, alternatives };
  }

  private get graph(): SchemaGraph {
    return this.conjunctions.graph;
  }

  private add(literal: number): void {
    if (literal === 1 || literal === -2 || this.held.has(literal)) return;
    this.held.add(literal);
    if (this.held.has(-literal)) this.dead = true;
    const node = this.graph.get(Math.abs(literal));
    if (literal > 0) this.hold(node);
    else this.deny(-literal, node);
  }

  private hold(node: SchemaNode): void {
    if (node.never) this.dead = true;
    this.types &= node.types;
    this.nodes.push(node);
    node.all.forEach((id) => this.add(id));
    if (node.not !== undefined) this.add(-node.not);
    if (node.any) this.alternatives.push(node.any.map((id) => [id]));
    if (node.one) this.alternatives.push(node.one.map((id, n, all) => [id, ...all.filter((_, other) => other !== n).map((other) => -other)]));
    const { condition } = node;
    if (condition) this.alternatives.push([[condition.if, condition.then ?? 1], [-condition.if, condition.else ?? 1]]);
    for (const [name, id] of node.dependents) {
      const required = this.conjunctions.requiring(name);
      this.alternatives.push([[required, id], [-required]]);
    }
  }

  private deny(id: Id, node: SchemaNode): void {
    const said = onlyKeyword(node, this.graph);
    if (said === 'nothing') this.dead = true;
    else if (said === 'types') this.types &= ~node.types;
    else if (said === 'not') this.add(node.not!);
    else if (said === 'any') node.any!.forEach((one) => this.add(-one));
    else if (said === 'all') this.alternatives.push(node.all.map((one) => [-one]));
    else if (said === 'required' && node.required.length === 1) this.forbidden.add(node.required[0]!);
    else this.denied.push(id);
  }

  /** Drops alternatives that cannot be; true when that has said something new. */
  private settle(): boolean {
    const open = this.alternatives;
    this.alternatives = [];
    let news = false;
    for (const some of open) {
      if (some.some((one) => one.every((literal) => this.isHeld(literal)))) continue;
      const possible = some.filter((one) => one.every((literal) => this.isPossible(literal)));
      if (possible.length === 0) this.dead = true;
      else if (possible.length > 1) this.alternatives.push(possible);
      else {
        possible[0]!.forEach((literal) => this.add(literal));
        news = true;
      }
    }
    return news;
  }

  private isHeld(literal: number): boolean {
    return literal === 1 || literal === -2 || this.held.has(literal);
  }

  private isPossible(literal: number): boolean {
    if (this.held.has(-literal) || literal === 2 || literal === -1) return false;
    return literal < 0 || (this.typesOf(literal) & this.types) !== 0;
  }

  private typesOf(id: Id): number {
    const { types, all } = this.graph.get(id);
    return all.reduce((bits, part) => bits & this.typesOf(part), types);
  }

  private valuesOf(given: Literals, types: number): unknown[] | undefined {
    const lists = this.nodes.flatMap(({ values }) => (values ? [values] : []));
    const few = (types & ~(NULL | BOOLEAN)) === 0 ? [null, true, false] : undefined;
    const shortest = lists.sort((a, b) => a.length - b.length)[0] ?? few;
    return shortest?.filter((value) => given.every((literal) => this.allows(literal, value)));
  }

  private allows(literal: number, value: unknown): boolean {
    return literal > 0 ? accepts(this.graph, literal, value, true) : !accepts(this.graph, -literal, value, false);
  }
}

export function withLiterals(given: Literals, ...more: readonly number[]): Literals {
  return literals(...given, ...more);
}
