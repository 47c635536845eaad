import type { SchemaGraph } from './schema-graph.js';
import type { SchemaNode } from './schema-node.js';
import { matches } from './patterns.js';

/** The members and items of a value that a schema looks at. */
export interface Reach {
  readonly everyMember: boolean;
  readonly members: ReadonlySet<string>;
  readonly patterns: readonly string[];
  readonly everyItem: boolean;
  readonly items: number;
}

export const NO_REACH: Reach = { everyMember: false, members: new Set(), patterns: [], everyItem: false, items: 0 };

export function joined(reaches: readonly Reach[]): Reach {
  return {
    everyMember: reaches.some(({ everyMember }) => everyMember),
    members: new Set(reaches.flatMap(({ members }) => [...members])),
    patterns: reaches.flatMap(({ patterns }) => patterns),
    everyItem: reaches.some(({ everyItem }) => everyItem),
    items: Math.max(0, ...reaches.map(({ items }) => items)),
  };
}

/** What the schema's own keywords look at. */
export function ownReach(node: SchemaNode): Reach {
  return {
    everyMember: node.additional !== undefined,
    members: new Set(node.properties.keys()),
    patterns: [...node.patterns.keys()],
    everyItem: node.rest !== undefined,
    items: node.first.length,
  };
}

/** What the schema may look at, in one value or another. */
export function possibleReach(graph: SchemaGraph, node: SchemaNode, isInside = false): Reach {
  const { all, any = [], one = [], condition, dependents } = node;
  const cases = [condition?.if, condition?.then, condition?.else].filter((part) => part !== undefined);
  const inside = [...all, ...any, ...one, ...cases, ...dependents.values()].map((part) => possibleReach(graph, graph.get(part), true));
  const own = ownReach(node);
  return joined([
    { ...own, everyMember: own.everyMember || (isInside && node.otherMembers !== undefined), everyItem: own.everyItem || (isInside && node.otherItems !== undefined) || node.contains?.evaluates === true },
    ...inside,
  ]);
}

/** Whether a member is looked at; of an unnamed member, whether it can be. */
export function reachesMember({ everyMember, members, patterns }: Reach, name: string | undefined): boolean {
  if (everyMember) return true;
  return name === undefined ? patterns.length > 0 : members.has(name) || patterns.some((pattern) => matches(pattern, name) !== false);
}
