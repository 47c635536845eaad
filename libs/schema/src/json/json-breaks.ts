import type { Break } from '../compatibility/break.js';
import { literals } from './facts.js';
import { asBreak, distinct } from './gap.js';
import { Containment } from './containment.js';
import type { JsonDocument } from './json-schema.js';
import { classesOf } from './schema-classes.js';
import { SchemaGraph } from './schema-graph.js';

/**
 * The reasons why data that is valid for the writer may be invalid for the reader. Empty only when every such value is valid
 * for both; but a reader's required property with a default may be missing, as Confluent has it. `format` is a remark.
 */
export function jsonBreaks(reader: JsonDocument, writer: JsonDocument): Break[] {
  const graph = new SchemaGraph();
  const [ours, theirs] = [graph.add(reader), graph.add(writer)];
  const classes = classesOf(graph);
  // What is made during the comparison is a class of its own.
  const within = new Containment(graph, (id) => classes[id] ?? id + classes.length);
  return distinct(within.gaps(ours, literals(theirs))).map(asBreak);
}

/** Throws SchemaError when a reference leads nowhere or in circles. */
export function requireReferences(document: JsonDocument): void {
  new SchemaGraph().add(document);
}
