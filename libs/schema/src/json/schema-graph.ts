import { SchemaError } from '../compatibility/schema.error.js';
import { known } from './dialect.js';
import type { JsonDocument } from './json-schema.js';
import type { JsonSchema, Keywords } from './keywords.js';
import { References } from './references.js';
import type { Resource } from './references.js';
import { FALSE, nodeFrom, TRUE } from './schema-node.js';
import type { Id, SchemaNode } from './schema-node.js';

/** Both schemas of a comparison as one graph: references are edges, so a recursive schema is a circle and not a tree without end. */
export class SchemaGraph {
  /** By id; 0 is no schema. */
  readonly nodes: SchemaNode[] = [TRUE, TRUE, FALSE];
  private readonly made = new Map<string, Id>();

  /** The id of the root. Throws SchemaError for a reference that leads nowhere, or to itself. */
  add(document: JsonDocument): Id {
    const from = this.nodes.length;
    const root = new Reading(this, new References(document)).read();
    this.requireEnd(from);
    return root;
  }

  get(id: Id): SchemaNode {
    return this.nodes[id]!;
  }

  /** A schema that no document has, the same one each time. */
  make(schema: Partial<SchemaNode>, key: string): Id {
    const had = this.made.get(key);
    if (had !== undefined) return had;
    this.made.set(key, this.nodes.length);
    return this.nodes.push({ ...TRUE, ...schema }) - 1;
  }

  /** Throws when a schema applies itself to the very value that it is applied to. */
  private requireEnd(from: Id): void {
    const done = new Set<Id>();
    const under = new Set<Id>();
    const visit = (id: Id): void => {
      if (done.has(id)) return;
      if (under.has(id)) throw new SchemaError('A $ref leads in circles.');
      under.add(id);
      for (const part of inPlace(this.get(id))) visit(part);
      under.delete(id);
      done.add(id);
    };
    for (let id = from; id < this.nodes.length; id++) visit(id);
  }
}

/** The subschemas that apply to the same value. */
export function inPlace({ all, any = [], one = [], not, condition, dependents }: SchemaNode): readonly Id[] {
  if (not === undefined && !condition && dependents.size === 0 && any.length === 0 && one.length === 0) return all;
  const others = [not, condition?.if, condition?.then, condition?.else].filter((id) => id !== undefined);
  return [...all, ...any, ...one, ...others, ...dependents.values()];
}

class Reading {
  private readonly ids = new Map<Keywords, Id>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly graph: SchemaGraph,
    private readonly references: References,
  ) {}

  read(): Id {
    const root = this.idOf(this.references.root.root, this.references.root);
    for (let next = this.waiting.pop(); next; next = this.waiting.pop()) next();
    return root;
  }

  private idOf(schema: JsonSchema, from: Resource): Id {
    if (typeof schema === 'boolean') return schema ? 1 : 2;
    const had = this.ids.get(schema);
    if (had !== undefined) return had;
    const id = this.graph.nodes.push(TRUE) - 1;
    this.ids.set(schema, id);
    this.waiting.push(() => (this.graph.nodes[id] = this.nodeOf(schema, this.references.homeOf(schema, from))));
    return id;
  }

  private nodeOf(schema: Keywords, resource: Resource): SchemaNode {
    const keywords = known(schema, resource.dialect);
    const refs = [keywords.$ref, keywords.$dynamicRef, keywords.$recursiveRef].filter((ref) => ref !== undefined).map((ref) => {
      const target = this.references.resolve(ref, resource);
      return this.idOf(target.schema, target.resource);
    });
    return nodeFrom(keywords, resource.dialect, (sub) => this.idOf(sub as JsonSchema, resource), refs);
  }
}
