import { accepts } from './accepts.js';
import type { Conjunctions } from './conjunctions.js';
import { literals } from './facts.js';
import type { Facts, Literals } from './facts.js';
import { matches } from './patterns.js';
import { possibleReach, reachesMember } from './reach.js';
import type { Reach } from './reach.js';
import type { SchemaNode } from './schema-node.js';
import { OBJECT } from './types.js';

const NOTHING: Literals = [2];
const MAX_CASES = 64;

/** What holds for the members and items of values for which facts hold. */
export class Parts {
  private readonly reaches = new Map<SchemaNode, Reach>();

  constructor(private readonly conjunctions: Conjunctions) {}

  /** What holds for the member of that name, where there is one. */
  member(facts: Facts, name: string): Literals {
    if (facts.forbidden.has(name)) return NOTHING;
    const found: number[] = [...this.denied(facts, name)];
    for (const node of facts.nodes) {
      if (node.names !== undefined && !accepts(this.conjunctions.graph, node.names, name, true)) return NOTHING;
      const own = node.properties.get(name);
      if (own !== undefined) found.push(own);
      const answers = [...node.patterns].map(([pattern, id]) => [matches(pattern, name), id] as const);
      found.push(...answers.filter(([answer]) => answer === true).map(([, id]) => id));
      const unnamed = own === undefined && answers.every(([answer]) => answer === false);
      if (unnamed && node.additional !== undefined) found.push(node.additional);
      if (node.otherMembers !== undefined && !reachesMember(this.reachOf(node), name)) found.push(node.otherMembers);
    }
    return literals(...found);
  }

  /**
   * What holds for members that nobody names, case by case. `asked` is a pattern that their names match; `outside` are patterns
   * that they do not match.
   */
  unnamed(facts: Facts, asked: string | undefined, outside: readonly string[]): Literals[] {
    let cases: Literals[] = [[]];
    for (const node of facts.nodes) {
      const own = this.unnamedIn(node, asked, outside);
      if (own.length === 1 && own[0]!.length === 0) continue;
      if (cases.length * own.length > MAX_CASES) return [[]];
      cases = cases.flatMap((before) => own.map((more) => literals(...before, ...more)));
    }
    return cases;
  }

  private unnamedIn(node: SchemaNode, asked: string | undefined, outside: readonly string[]): Literals[] {
    const same = asked === undefined ? undefined : node.patterns.get(asked);
    if (same !== undefined) return [[same]];
    const unseen = node.otherMembers !== undefined && !reachesMember(this.reachOf(node), undefined) ? [node.otherMembers] : [];
    const patterns = [...node.patterns].filter(([pattern]) => !outside.includes(pattern));
    return [[...unseen, ...(node.additional === undefined ? [] : [node.additional])], ...patterns.map(([, id]) => [id])];
  }

  item(facts: Facts, at: number): Literals {
    return literals(...facts.nodes.flatMap((node) => {
      const own = node.first[at] ?? node.rest;
      if (own !== undefined) return [own];
      if (node.otherItems === undefined) return [];
      const { everyItem, items } = this.reachOf(node);
      return everyItem || at < items ? [] : [node.otherItems];
    }));
  }

  /** A choice by the value of one member: where it is not made, the member has another value. */
  private denied({ denied, types, required }: Facts, name: string): Literals {
    if (types !== OBJECT) return [];
    return denied.flatMap((id) => {
      const node = this.conjunctions.graph.get(id);
      const only = node.properties.size === 1 ? node.properties.get(name) : undefined;
      const present = node.required.every((one) => one === name || required.has(one));
      return only !== undefined && present && this.saysNoMore(node) ? [-only] : [];
    });
  }

  private saysNoMore(node: SchemaNode): boolean {
    const { graph } = this.conjunctions;
    const more = { ...node, types: graph.get(1).types, required: [], properties: new Map(), hasDefault: false };
    const plain = graph.get(1);
    const empty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
    return (node.types & OBJECT) !== 0 && (Object.keys(more) as (keyof SchemaNode)[]).every((name) => empty(more[name]) || more[name] === plain[name]
      || JSON.stringify(more[name]) === JSON.stringify(plain[name]));
  }

  private reachOf(node: SchemaNode): Reach {
    let reach = this.reaches.get(node);
    if (!reach) {
      this.reaches.set(node, (reach = possibleReach(this.conjunctions.graph, node)));
    }
    return reach;
  }
}
