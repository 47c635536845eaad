import { Proofs } from '../compatibility/proofs.js';
import { arrayGaps, arraysImpossible } from './array-gaps.js';
import { Conjunctions, withLiterals } from './conjunctions.js';
import type { Alternatives, Facts, Literals } from './facts.js';
import { distinct, gap } from '../compatibility/gap.js';
import type { Gap } from '../compatibility/gap.js';
import { logicGaps } from './logic-gaps.js';
import { objectGaps, objectsImpossible } from './object-gaps.js';
import { Parts } from './parts.js';
import { scalarGaps, typeGaps, valueGaps } from './scalar-gaps.js';
import { inPlace } from './schema-graph.js';
import type { SchemaGraph } from './schema-graph.js';
import type { Id } from './schema-node.js';
import { ARRAY, OBJECT, singleTypes } from './types.js';
import type { Within } from './within.js';

const UNPROVEN = gap('SCHEMA_CHANGED', '', () => 'the reader and the writer are not comparable here');
/** How many cases a writer's schema may fall into at one place. */
const MAX_CASES = 1_024;

/**
 * Whether every value that some literals allow is one that a schema allows. Says so only when it is so; what it cannot prove it
 * reports as a gap.
 */
export class Containment implements Within {
  readonly conjunctions: Conjunctions;
  readonly parts: Parts;
  private readonly proofs = new Proofs<Gap>(UNPROVEN);
  private probes = 0;

  /** The graph is compact: schemas that are the same are one. */
  constructor(readonly graph: SchemaGraph) {
    this.conjunctions = new Conjunctions(graph);
    this.parts = new Parts(this.conjunctions);
  }

  gaps(reader: Id, writer: Literals, room = MAX_CASES): readonly Gap[] {
    if (reader === 1) return [];
    return this.proofs.prove(`in ${reader} ${writer.join()}`, () => {
      const gaps = this.directGaps(reader, writer);
      if (gaps.length === 0) return gaps;
      const cases = this.casesOf(reader, this.conjunctions.factsOf(writer));
      if (!cases || cases.length > Math.max(room, 1)) return this.isImpossible(writer) ? [] : gaps;
      return distinct(this.collect(cases, (more) => this.gaps(reader, withLiterals(writer, ...more), Math.floor(room / cases.length))));
    });
  }

  inside(reader: Id, writer: Literals): readonly Gap[] {
    return this.proofs.inside(() => this.gaps(reader, writer));
  }

  directGaps(reader: Id, writer: Literals): readonly Gap[] {
    if (reader === 1) return [];
    return this.proofs.prove(`at ${reader} ${writer.join()}`, () => {
      const facts = this.conjunctions.factsOf(writer);
      if (facts.dead || facts.held.has(reader)) return [];
      const node = this.graph.get(reader);
      if (facts.values) return valueGaps(this.graph, reader, facts.values);
      const foreign = typeGaps(node, facts);
      if (foreign.length > 0) return foreign;
      return distinct(this.collect([logicGaps, scalarGaps, objectGaps, arrayGaps], (rule) => rule(this, node, writer, facts)));
    });
  }

  isImpossible(writer: Literals): boolean {
    return this.probe(() => this.proofs.prove(`no ${writer.join()}`, () => {
      const facts = this.conjunctions.factsOf(writer);
      if (facts.dead) return [];
      if (facts.values) return [UNPROVEN];
      const left = facts.types & ~(objectsImpossible(this, facts) ? OBJECT : 0) & ~(arraysImpossible(this, facts) ? ARRAY : 0);
      if (left === 0 || facts.denied.some((id) => this.directGaps(id, writer).length === 0)) return [];
      const [first] = facts.alternatives;
      return first?.every((more) => this.isImpossible(withLiterals(writer, ...more))) ? [] : [UNPROVEN];
    })).length === 0;
  }

  insideIsImpossible(literals: Literals): boolean {
    return this.proofs.inside(() => this.isImpossible(literals));
  }

  probe<T>(work: () => T): T {
    this.probes++;
    try {
      return work();
    } finally {
      this.probes--;
    }
  }

  collect<T>(claims: Iterable<T>, gapsOf: (claim: T) => readonly Gap[]): Gap[] {
    const gaps: Gap[] = [];
    for (const claim of claims) {
      gaps.push(...gapsOf(claim));
      if (gaps.length > 0 && this.probes > 0) break;
    }
    return gaps;
  }

  private casesOf(reader: Id, { alternatives, types }: Facts): Alternatives | undefined {
    const mine = this.alternativesOf(reader);
    const closest = alternatives.find((some) => some.some(([id]) => mine.has(Math.abs(id!))));
    if (closest ?? alternatives[0]) return closest ?? alternatives[0];
    const single = singleTypes(types);
    if (single.length < 2 || mine.size === 0) return undefined;
    return single.map((bit) => [this.graph.make({ types: bit }, `type ${bit}`)]);
  }

  private readonly choices = new Map<Id, ReadonlySet<number>>();

  /** The schemas among which the reader chooses. */
  private alternativesOf(reader: Id): ReadonlySet<number> {
    let found = this.choices.get(reader);
    if (!found) {
      const { all } = this.graph.get(reader);
      const own = inPlace(this.graph.get(reader)).filter((id) => !all.includes(id));
      found = new Set([...own, ...all.flatMap((id) => [...this.alternativesOf(id)])]);
      this.choices.set(reader, found);
    }
    return found;
  }
}
