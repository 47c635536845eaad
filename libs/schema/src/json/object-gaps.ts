import { describePath } from '../compatibility/break.js';
import { accepts } from './accepts.js';
import { certainReach } from './certain-reach.js';
import { withLiterals } from './conjunctions.js';
import type { Facts, Literals } from './facts.js';
import { gap, under } from '../compatibility/gap.js';
import type { Gap } from '../compatibility/gap.js';
import { matches } from './patterns.js';
import { reachesMember } from './reach.js';
import { rangeGaps } from './scalar-gaps.js';
import type { Id, SchemaNode } from './schema-node.js';
import { unnamedGaps } from './unnamed-gaps.js';
import { OBJECT, STRING } from './types.js';
import type { Within } from './within.js';

export function objectGaps(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  if ((facts.types & OBJECT) === 0) return [];
  const count = { min: Math.max(facts.count.min, facts.required.size), max: Math.min(facts.count.max, mostMembers(within, facts)) };
  return [
    ...requiredGaps(within, reader, facts),
    ...memberGaps(within, reader, writer, facts),
    ...unnamedGaps(within, reader, writer, facts),
    ...rangeGaps(reader.count, count, ['minProperties', 'MIN_PROPERTIES_INCREASED'], ['maxProperties', 'MAX_PROPERTIES_DECREASED']),
    ...needsGaps(within, reader, writer, facts),
    ...nameGaps(within, reader, facts),
  ];
}

/** The names that a writer's schema has a word for. */
export function namesIn(facts: Facts): Set<string> {
  return new Set([...facts.nodes.flatMap(({ properties }) => [...properties.keys()]), ...facts.required]);
}

function mostMembers(within: Within, facts: Facts): number {
  const isClosed = within.parts.unnamed(facts, undefined, []).every((literals) => literals.includes(2));
  return isClosed ? [...namesIn(facts)].filter((name) => !within.parts.member(facts, name).includes(2)).length : Infinity;
}

function requiredGaps(within: Within, reader: SchemaNode, facts: Facts): Gap[] {
  const missing = reader.required.filter((name) => !facts.required.has(name) && !hasDefault(within, reader.properties.get(name)));
  return missing.map((name) => {
    const isKnown = facts.nodes.some(({ properties }) => properties.has(name));
    const kind = isKnown ? 'REQUIRED_ATTRIBUTE_ADDED' : 'REQUIRED_PROPERTY_ADDED';
    return gap(kind, name, (path) => `the reader requires ${describePath(path)}, the writer ${isKnown ? 'may leave it out' : 'does not have it'}`);
  });
}

/** Confluent's rule: a reader fills in the default. */
function hasDefault(within: Within, id: Id | undefined): boolean {
  if (id === undefined) return false;
  const node = within.graph.get(id);
  return node.hasDefault || node.all.some((part) => hasDefault(within, part));
}

function memberGaps(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  const seen = reader.otherMembers === undefined ? undefined : certainReach(within, reader, writer);
  const names = new Set([...namesIn(facts), ...reader.properties.keys()]);
  return within.collect(names, (name) => {
    const patterns = [...reader.patterns].filter(([pattern]) => matches(pattern, name) !== false).map(([, id]) => id);
    const own = reader.properties.get(name);
    const ids = own === undefined ? patterns : [own, ...patterns];
    if (own === undefined && reader.additional !== undefined && ![...reader.patterns.keys()].some((pattern) => matches(pattern, name) === true)) ids.push(reader.additional);
    if (seen && !reachesMember({ ...seen, patterns: seen.patterns.filter((pattern) => matches(pattern, name) === true) }, name)) ids.push(reader.otherMembers!);
    if (ids.length === 0) return [];
    const sent = within.parts.member(facts, name);
    return ids.flatMap((id) => oneMember(within, id, sent, name));
  });
}

function oneMember(within: Within, id: Id, sent: Literals, name: string): Gap[] {
  if (sent.includes(2)) return [];
  const gaps = within.inside(id, sent);
  if (gaps.length === 0) return [];
  if (id === 2) {
    return [gap('PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL', name, (path) => `the writer may send ${describePath(path)}, which the reader forbids (its content is closed)`)];
  }
  if (sent.length > 0) return under(name, gaps);
  return [gap('PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', name, (path) =>
    `the writer's content is open: it may hold anything at ${describePath(path)}, of which the reader takes only some`)];
}

function needsGaps(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  return [...reader.needs].flatMap(([name, needed]) => {
    if (within.parts.member(facts, name).includes(2)) return [];
    const sent = within.conjunctions.factsOf(withLiterals(writer, within.conjunctions.requiring(name)));
    const missing = sent.dead ? [] : needed.filter((other) => !sent.required.has(other));
    if (missing.length === 0) return [];
    return [gap('DEPENDENCY_ARRAY_ADDED', name, (path) => `the reader requires ${missing.join(', ')} beside ${describePath(path)}, the writer does not`)];
  });
}

function nameGaps(within: Within, { names }: SchemaNode, facts: Facts): Gap[] {
  if (names === undefined) return [];
  const { graph } = within;
  const string = graph.make({ types: STRING }, 'names');
  const theirs = facts.nodes.flatMap((node) => node.names ?? []);
  const named = [...namesIn(facts)].filter((name) => !within.parts.member(facts, name).includes(2));
  const patterns = new Set(facts.nodes.flatMap((node) => [...node.patterns.keys()]));
  const free = within.parts.unnamed(facts, undefined, [...patterns]).some((literals) => !literals.includes(2)) ? [undefined] : [];
  const isGood = named.every((name) => accepts(graph, names, name, false)) && [...patterns, ...free].every((pattern) => {
    const shape = pattern === undefined ? [] : [graph.make({ types: STRING, pattern }, `named ${pattern}`)];
    return within.probe(() => within.inside(names, withLiterals([], string, ...theirs, ...shape))).length === 0;
  });
  return isGood ? [] : [gap('PROPERTY_NAMES_CHANGED', '', (path) => `the reader restricts the names of properties at ${describePath(path)}`)];
}

/** True only when no object has all that is known. */
export function objectsImpossible(within: Within, facts: Facts): boolean {
  return (facts.types & OBJECT) === 0 || [...facts.required].some((name) => within.insideIsImpossible(within.parts.member(facts, name)));
}

