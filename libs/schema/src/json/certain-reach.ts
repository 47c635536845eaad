import { withLiterals } from './conjunctions.js';
import type { Literals } from './facts.js';
import { joined, ownReach } from './reach.js';
import type { Reach } from './reach.js';
import type { Id, SchemaNode } from './schema-node.js';
import type { Within } from './within.js';

/** The members and items that a reader surely looks at in everything that the writer sends. */
export function certainReach(within: Within, reader: SchemaNode, writer: Literals): Reach {
  const takes = (id: Id) => within.probe(() => within.directGaps(id, writer)).length === 0;
  const inside = (id: Id) => whole(within, id, writer);
  const { all, any = [], one = [], condition } = reader;
  const cases: Id[] = [];
  if (condition && takes(condition.if)) cases.push(condition.if, ...(condition.then === undefined ? [] : [condition.then]));
  else if (condition?.else !== undefined && within.isImpossible(withLiterals(writer, condition.if))) cases.push(condition.else);
  const required = within.conjunctions.factsOf(writer).required;
  const dependents = [...reader.dependents].filter(([name]) => required.has(name)).map(([, id]) => id);
  const certain = [...all, ...any.filter(takes), ...one.filter(takes), ...cases, ...dependents];
  return joined([ownReach(reader), ...certain.map(inside)]);
}

/** Of a schema that holds: also its own `unevaluated…` look at what is left. */
function whole(within: Within, id: Id, writer: Literals): Reach {
  const node = within.graph.get(id);
  const reach = certainReach(within, node, writer);
  return { ...reach, everyMember: reach.everyMember || node.otherMembers !== undefined, everyItem: reach.everyItem || node.otherItems !== undefined };
}
