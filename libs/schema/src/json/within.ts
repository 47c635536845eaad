import type { Conjunctions } from './conjunctions.js';
import type { Literals } from './facts.js';
import type { Gap } from '../compatibility/gap.js';
import type { Parts } from './parts.js';
import type { SchemaGraph } from './schema-graph.js';
import type { Id } from './schema-node.js';

/** A comparison, for the rules of single keywords. */
export interface Within {
  readonly graph: SchemaGraph;
  readonly conjunctions: Conjunctions;
  readonly parts: Parts;
  /** The gaps between what the reader takes and what the writer sends, which may have to be told apart into cases. */
  gaps(reader: Id, writer: Literals): readonly Gap[];
  /** Like `gaps`, without telling cases apart. */
  directGaps(reader: Id, writer: Literals): readonly Gap[];
  /** The gaps of a part of the data. */
  inside(reader: Id, writer: Literals): readonly Gap[];
  /** True only when no value has all the literals. */
  isImpossible(writer: Literals): boolean;
  insideIsImpossible(writer: Literals): boolean;
  /** Runs what only has to say yes or no. */
  probe<T>(work: () => T): T;
  /** The gaps of several claims; of the first that has one, where the answer is only yes or no. */
  collect<T>(claims: Iterable<T>, gapsOf: (claim: T) => readonly Gap[]): Gap[];
}
