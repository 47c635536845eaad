import { describePath } from '../compatibility/break.js';
import { certainReach } from './certain-reach.js';
import type { Facts, Literals } from './facts.js';
import { gap, under } from '../compatibility/gap.js';
import type { Gap } from '../compatibility/gap.js';
import type { Id, SchemaNode } from './schema-node.js';
import type { Within } from './within.js';

/** Gaps in members that neither schema names. */
export function unnamedGaps(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  const { patterns, additional } = reader;
  const gaps = within.collect(patterns, ([pattern, id]) => ofCases(within, id, within.parts.unnamed(facts, pattern, []), `/${pattern}/`));
  const outside = [...patterns.keys()];
  if (additional !== undefined) gaps.push(...ofCases(within, additional, within.parts.unnamed(facts, undefined, outside), '*'));
  else if (reader.otherMembers !== undefined) gaps.push(...ofOthers(within, reader, writer, facts));
  return gaps;
}

function ofOthers(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  const seen = certainReach(within, reader, writer);
  return seen.everyMember ? [] : ofCases(within, reader.otherMembers!, within.parts.unnamed(facts, undefined, seen.patterns), '*');
}

function ofCases(within: Within, id: Id, cases: readonly Literals[], step: string): Gap[] {
  return within.collect(cases, (sent) => {
    if (sent.includes(2)) return [];
    const gaps = within.inside(id, sent);
    if (gaps.length === 0 || id !== 2) return under(step, gaps);
    return [gap('ADDITIONAL_PROPERTIES_REMOVED', '', (path) => `the writer may send properties at ${describePath(path)} that nobody names, the reader forbids them`)];
  });
}
