import { compareNumbers, isMultiple, isNumber } from '../compatibility/exact-number.js';
import { valueKey } from '../compatibility/exact-json.js';
import { isKeywords } from './keywords.js';
import { matches } from './patterns.js';
import type { SchemaGraph } from './schema-graph.js';
import type { Id, Range, SchemaNode } from './schema-node.js';
import { typeBit } from './types.js';

/** What a schema has looked at within a valid value, for `unevaluatedProperties` and `unevaluatedItems`. */
interface Seen {
  readonly members: Set<string>;
  readonly items: Set<number>;
}

/** Thrown when the answer hangs on a pattern that JavaScript cannot read. */
class Undecided extends Error {}

/** Whether the value is valid; `undecided` where that cannot be told. */
export function accepts(graph: SchemaGraph, id: Id, value: unknown, undecided: boolean): boolean {
  try {
    return new Validation(graph).seen(id, value) !== undefined;
  } catch (error) {
    if (error instanceof Undecided) return undecided;
    throw error;
  }
}

class Validation {
  constructor(private readonly graph: SchemaGraph) {}

  /** Undefined: not valid. */
  seen(id: Id, value: unknown): Seen | undefined {
    const node = this.graph.get(id);
    if ((node.types & typeBit(value)) === 0 || !isListed(node, value)) return undefined;
    const seen: Seen = { members: new Set(), items: new Set() };
    const fits = this.combined(node, value, seen) && isScalar(node, value) && this.array(node, value, seen) && this.object(node, value, seen);
    return fits ? seen : undefined;
  }

  private combined(node: SchemaNode, value: unknown, seen: Seen): boolean {
    if (!node.all.every((id) => this.take(id, value, seen))) return false;
    if (node.any && node.any.filter((id) => this.take(id, value, seen)).length === 0) return false;
    if (node.one && node.one.filter((id) => this.take(id, value, seen)).length !== 1) return false;
    if (node.not !== undefined && this.seen(node.not, value)) return false;
    if (!node.condition) return true;
    const next = this.take(node.condition.if, value, seen) ? node.condition.then : node.condition.else;
    return next === undefined || this.take(next, value, seen);
  }

  private take(id: Id, value: unknown, seen: Seen): boolean {
    const inside = this.seen(id, value);
    inside?.members.forEach((name) => seen.members.add(name));
    inside?.items.forEach((at) => seen.items.add(at));
    return inside !== undefined;
  }

  private array(node: SchemaNode, value: unknown, seen: Seen): boolean {
    if (!Array.isArray(value)) return true;
    if (!isWithin(value.length, node.size)) return false;
    if (node.unique && new Set(value.map(valueKey)).size < value.length) return false;
    for (const [at, item] of value.entries()) {
      const id = node.first[at] ?? node.rest;
      if (id === undefined) continue;
      if (!this.seen(id, item)) return false;
      seen.items.add(at);
    }
    if (node.contains) {
      const found = value.flatMap((item, at) => (this.seen(node.contains!.schema, item) ? [at] : []));
      if (!isWithin(found.length, node.contains)) return false;
      if (node.contains.evaluates) found.forEach((at) => seen.items.add(at));
    }
    return node.otherItems === undefined || value.every((item, at) => seen.items.has(at) || (seen.items.add(at) && this.seen(node.otherItems!, item)));
  }

  private object(node: SchemaNode, value: unknown, seen: Seen): boolean {
    if (!isKeywords(value)) return true;
    const names = Object.keys(value);
    if (!isWithin(names.length, node.count) || !node.required.every((name) => Object.hasOwn(value, name))) return false;
    for (const [name, needed] of node.needs) {
      if (Object.hasOwn(value, name) && !needed.every((other) => Object.hasOwn(value, other))) return false;
    }
    for (const [name, id] of node.dependents) if (Object.hasOwn(value, name) && !this.take(id, value, seen)) return false;
    if (node.names !== undefined && !names.every((name) => this.seen(node.names!, name))) return false;
    return names.every((name) => this.member(node, name, value[name], seen));
  }

  private member(node: SchemaNode, name: string, value: unknown, seen: Seen): boolean {
    const ids = [...node.patterns].filter(([pattern]) => decided(matches(pattern, name))).map(([, id]) => id);
    const own = node.properties.get(name);
    if (own !== undefined) ids.push(own);
    if (ids.length === 0 && node.additional !== undefined) ids.push(node.additional);
    if (ids.length === 0 && !seen.members.has(name) && node.otherMembers !== undefined) ids.push(node.otherMembers);
    if (ids.length > 0) seen.members.add(name);
    return ids.every((id) => this.seen(id, value));
  }
}

function isListed({ values }: SchemaNode, value: unknown): boolean {
  if (!values) return true;
  const wanted = valueKey(value);
  return values.some((one) => valueKey(one) === wanted);
}

function isScalar({ lower, upper, step, length, pattern }: SchemaNode, value: unknown): boolean {
  if (typeof value === 'string') {
    if (pattern !== undefined && !decided(matches(pattern, value))) return false;
    return isWithin([...value].length, length);
  }
  if (!isNumber(value)) return true;
  const above = lower ? compareNumbers(value, lower.value) : 1;
  const below = upper ? compareNumbers(upper.value, value) : 1;
  if (above < 0 || (above === 0 && lower!.open) || below < 0 || (below === 0 && upper!.open)) return false;
  return step === undefined || isMultiple(value, step);
}

function isWithin(count: number, { min, max }: Range): boolean {
  return count >= min && count <= max;
}

function decided(answer: boolean | undefined): boolean {
  if (answer === undefined) throw new Undecided();
  return answer;
}
