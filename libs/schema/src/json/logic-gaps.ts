import { withLiterals } from './conjunctions.js';
import type { Facts, Literals } from './facts.js';
import { gap } from '../compatibility/gap.js';
import type { Gap } from '../compatibility/gap.js';
import type { Id, SchemaNode } from './schema-node.js';
import { describePath } from '../compatibility/break.js';
import type { Within } from './within.js';

/** What the reader combines: `allOf` and `$ref`, `anyOf`, `oneOf`, `not`, `if`. */
export function logicGaps(within: Within, reader: SchemaNode, writer: Literals, facts: Facts): Gap[] {
  return [
    ...within.collect(reader.all, (part) => within.directGaps(part, writer)),
    ...(reader.any ? anyGaps(within, reader.any, writer) : []),
    ...(reader.one ? oneGaps(within, reader.one, writer) : []),
    ...(reader.not === undefined ? [] : notGaps(within, reader.not, writer)),
    ...conditionGaps(within, reader, writer),
    ...within.collect(reader.dependents, ([name, id]) => (facts.forbidden.has(name) ? [] : within.gaps(id, withLiterals(writer, within.conjunctions.requiring(name))))),
  ];
}

function anyGaps(within: Within, choices: readonly Id[], writer: Literals): readonly Gap[] {
  if (choices.some((choice) => within.probe(() => within.directGaps(choice, writer)).length === 0)) return [];
  return closest(within, choices, writer);
}

function closest(within: Within, choices: readonly Id[], writer: Literals): readonly Gap[] {
  const likely = choices.filter((choice) => !within.isImpossible(withLiterals(writer, choice)));
  const tries = (likely.length > 0 ? likely : choices).slice(0, 8).map((choice) => within.directGaps(choice, writer));
  return tries.filter((gaps) => gaps.length > 0).sort((a, b) => a.length - b.length)[0] ?? [combined('COMBINED_TYPE_SUBSCHEMAS_CHANGED', 'oneOf')];
}

function oneGaps(within: Within, choices: readonly Id[], writer: Literals): readonly Gap[] {
  const fitting = choices.filter((choice) => within.probe(() => within.directGaps(choice, writer)).length === 0);
  if (fitting.length === 0) return closest(within, choices, writer);
  const others = choices.filter((choice) => choice !== fitting[0]);
  if (fitting.length === 1 && others.every((other) => within.isImpossible(withLiterals(writer, other)))) return [];
  return [gap('ONE_OF_OVERLAPS', '', (path) => `the reader takes exactly one of its choices at ${describePath(path)}, the writer may send what fits several`)];
}

function notGaps(within: Within, denied: Id, writer: Literals): Gap[] {
  return within.isImpossible(withLiterals(writer, denied)) ? [] : [combined('NOT_TYPE_NARROWED', 'not')];
}

function conditionGaps(within: Within, { condition }: SchemaNode, writer: Literals): readonly Gap[] {
  if (!condition) return [];
  return within.collect([[condition.if, condition.then], [-condition.if, condition.else]] as const, ([literal, next]) =>
    next === undefined || within.gaps(next, withLiterals(writer, literal)).length === 0 ? [] : [combined('CONDITION_CHANGED', literal > 0 ? 'then' : 'else')],
  );
}

function combined(kind: string, keyword: string): Gap {
  return gap(kind, '', (path) => `the reader's "${keyword}" at ${describePath(path)} does not take all that the writer may send`);
}
