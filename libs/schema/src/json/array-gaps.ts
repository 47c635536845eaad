import { describePath } from '../compatibility/break.js';
import type { Facts, Literals } from './facts.js';
import { gap, itemStep, under } from '../compatibility/gap.js';
import type { Gap } from '../compatibility/gap.js';
import { certainReach } from './certain-reach.js';
import { rangeGaps } from './scalar-gaps.js';
import type { SchemaNode } from './schema-node.js';
import { ARRAY } from './types.js';
import type { Within } from './within.js';

export function arrayGaps(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  if ((facts.types & ARRAY) === 0) return [];
  const gaps = rangeGaps(reader.size, facts.size, ['minItems', 'MIN_ITEMS_INCREASED'], ['maxItems', 'MAX_ITEMS_DECREASED']);
  if (reader.unique && !facts.unique && facts.size.max > 1) {
    gaps.push(gap('UNIQUE_ITEMS_ADDED', '', (path) => `the reader wants no item twice at ${describePath(path)}, the writer may repeat one`));
  }
  return [...gaps, ...itemGaps(within, reader, writer, facts), ...containsGaps(within, reader, facts)];
}

/** Positions that schemas tell apart, and undefined for all later ones; only as far as the writer sends items. */
function positions(facts: Facts, ...more: readonly number[]): (number | undefined)[] {
  const named = Math.max(0, ...more, ...facts.nodes.map(({ first }) => first.length));
  const numbers = Array.from({ length: Math.min(named, facts.size.max) }, (_, at) => at);
  return facts.size.max > named ? [...numbers, undefined] : numbers;
}

function itemGaps(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  const { otherItems } = reader;
  const seen = otherItems === undefined ? undefined : certainReach(within, reader, writer);
  const asked = seen && !seen.everyItem ? seen.items : Infinity;
  return within.collect(positions(facts, reader.first.length, seen?.items ?? 0), (at) => {
    const place = at ?? Infinity;
    const own = at === undefined ? reader.rest : (reader.first[at] ?? reader.rest);
    const ids = [own, place >= asked && own === undefined ? otherItems : undefined].filter((id) => id !== undefined);
    const sent = within.parts.item(facts, at ?? Number.MAX_SAFE_INTEGER);
    return ids.flatMap((id) => under(itemStep(at), within.inside(id, sent)));
  });
}

function containsGaps(within: Within, { contains }: SchemaNode, facts: Facts): Gap[] {
  if (!contains) return [];
  const { schema, min, max } = contains;
  const theirs = facts.nodes.flatMap((node) => node.contains ?? []);
  const all = (id: number) => positions(facts).every((at) => isWithin(within, id, within.parts.item(facts, at ?? Number.MAX_SAFE_INTEGER)));
  const enough = min === 0 || theirs.some((one) => one.min >= min && isWithin(within, schema, [one.schema])) || (facts.size.min >= min && all(schema));
  const few = facts.size.max <= max || theirs.some((one) => one.max <= max && isWithin(within, one.schema, [schema]));
  if (enough && few) return [];
  return [gap('CONTAINS_CHANGED', '', (path) => `the reader's "contains" at ${describePath(path)} is not the writer's`)];
}

function isWithin(within: Within, reader: number, writer: Literals): boolean {
  return within.probe(() => within.inside(reader, writer)).length === 0;
}

/** True only when no array has all that is known. */
export function arraysImpossible(within: Within, facts: Facts): boolean {
  if ((facts.types & ARRAY) === 0) return true;
  const impossible = (literals: Literals) => within.insideIsImpossible(literals);
  const sent = positions(facts).filter((at) => (at ?? facts.size.min - 1) < facts.size.min && facts.size.min > 0);
  if (sent.some((at) => impossible(within.parts.item(facts, at ?? Number.MAX_SAFE_INTEGER)))) return true;
  return facts.nodes.some(({ contains }) => contains !== undefined && contains.min > 0 && (contains.max < contains.min || impossible([contains.schema])));
}
