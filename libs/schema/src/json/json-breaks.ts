import type { Break } from '../compatibility/break.js';
import { compacted } from './compact.js';
import { counterexample } from './counterexample.js';
import { literals } from './facts.js';
import { asBreak, distinct } from '../compatibility/gap.js';
import { Containment } from './containment.js';
import type { JsonDocument } from './json-schema.js';
import { SchemaGraph } from './schema-graph.js';
import type { Id } from './schema-node.js';

/**
 * The reasons why data that is valid for the writer may be invalid for the reader. Empty only when every such value is valid
 * for both; but a reader's required property with a default may be missing, as Confluent has it. `format` is a remark.
 */
export function jsonBreaks(reader: JsonDocument, writer: JsonDocument): Break[] {
  const graph = new SchemaGraph();
  const compact = compacted(graph, [graph.add(reader), graph.add(writer)]);
  const [ours, theirs] = compact.roots as [Id, Id];
  const within = new Containment(compact.graph);
  const [first, ...others] = distinct(within.gaps(ours, literals(theirs))).map(asBreak);
  if (!first) return [];
  const shown = counterexample(within, ours, theirs);
  return [shown === undefined ? first : { ...first, counterexample: shown }, ...others];
}

/** Throws SchemaError when a reference leads nowhere or in circles. */
export function requireReferences(document: JsonDocument): void {
  new SchemaGraph().add(document);
}
