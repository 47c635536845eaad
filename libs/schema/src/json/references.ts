import { SchemaError } from '../compatibility/schema.error.js';
import { dialectOf, idOf } from './dialect.js';
import type { Dialect } from './dialect.js';
import { isKeywords } from './keywords.js';
import type { JsonDocument } from './json-schema.js';
import type { JsonSchema, Keywords } from './keywords.js';
import { metaschema } from './metaschemas.js';

/** A schema with an address of its own: a document, or a part with `$id`. References in it start here. */
export interface Resource {
  readonly address: string;
  readonly root: JsonSchema;
  readonly document: JsonSchema;
  readonly dialect: Dialect;
  readonly anchors: Map<string, JsonSchema>;
}

export interface Target {
  readonly schema: JsonSchema;
  readonly resource: Resource;
}

const MAX_STEPS = 64;
const NOWHERE = 'schema:///';
/** Their values are data, not schemas. */
const DATA = new Set(['enum', 'const', 'default', 'examples', 'example']);

/** Resolves references within a document and those it was given: nothing is loaded from elsewhere. */
export class References {
  readonly root: Resource;
  private readonly resources = new Map<string, Resource>();
  private readonly homes = new Map<Keywords, Resource>();

  constructor({ root, dialect, others }: JsonDocument) {
    this.root = this.add(root, dialect, NOWHERE);
    for (const [name, other] of others) {
      const resource = this.add(other.root, other.dialect, absolute(name, NOWHERE));
      this.resources.set(name, resource);
    }
  }

  /** Where the references of a schema start, when it is reached from another. */
  homeOf(schema: JsonSchema, from: Resource): Resource {
    return (typeof schema === 'object' ? this.homes.get(schema) : undefined) ?? from;
  }

  /** Throws SchemaError for a reference that leads nowhere. */
  resolve(ref: unknown, from: Resource): Target {
    if (typeof ref !== 'string') throw new SchemaError('$ref is no string.');
    const at = ref.indexOf('#');
    const [address, fragment] = at < 0 ? [ref, ''] : [ref.slice(0, at), ref.slice(at + 1)];
    const resource = address === '' ? from : this.find(address, from);
    const found = resource && inResource(resource, decoded(fragment));
    if (!resource || (typeof found !== 'boolean' && !isKeywords(found))) throw new SchemaError(`$ref ${JSON.stringify(ref)} leads nowhere.`);
    return { schema: found, resource: this.homeOf(found, resource) };
  }

  private find(address: string, from: Resource): Resource | undefined {
    const whole = absolute(address, from.address);
    const given = this.resources.get(whole) ?? this.resources.get(address) ?? this.resources.get(absolute(address, NOWHERE));
    if (given) return given;
    const meta = metaschema(whole);
    return meta && this.add(meta, dialectOf(meta, ''), whole);
  }

  private add(root: JsonSchema, dialect: Dialect, address: string): Resource {
    const id = isKeywords(root) ? idOf(root, dialect) : undefined;
    const own = id && !id.startsWith('#') ? absolute(id.replace(/#.*$/, ''), address) : address;
    const resource: Resource = { address: own, root, document: root, dialect, anchors: new Map() };
    this.resources.set(address, resource).set(own, resource);
    if (isKeywords(root)) this.walk(root, resource);
    return resource;
  }

  private walk(schema: Keywords, above: Resource): void {
    if (this.homes.has(schema)) return;
    const id = idOf(schema, above.dialect);
    let resource = above;
    if (id !== undefined && !id.startsWith('#') && schema !== above.root) {
      resource = { ...above, address: absolute(id.replace(/#.*$/, ''), above.address), root: schema, anchors: new Map() };
      this.resources.set(resource.address, resource);
    }
    this.homes.set(schema, resource);
    for (const anchor of [id?.startsWith('#') ? id.slice(1) : undefined, schema.$anchor, schema.$dynamicAnchor]) {
      if (typeof anchor === 'string' && anchor !== '') resource.anchors.set(anchor, schema);
    }
    for (const [name, value] of Object.entries(schema)) if (!DATA.has(name)) this.inside(value, resource);
  }

  private inside(value: unknown, resource: Resource): void {
    if (Array.isArray(value)) for (const one of value) this.inside(one, resource);
    else if (isKeywords(value)) this.walk(value, resource);
  }
}

function inResource(resource: Resource, fragment: string): unknown {
  if (fragment === '') return resource.root;
  if (!fragment.startsWith('/')) return resource.anchors.get(fragment);
  return pointed(resource.root, fragment) ?? pointed(resource.document, fragment);
}

function pointed(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, step) => (Object.hasOwn(Object(at), step) ? (at as Keywords)[step] : undefined), root);
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function absolute(address: string, base: string): string {
  try {
    return new URL(address, base).href;
  } catch {
    return address;
  }
}

/** Resolves `$ref` in a document of its own; keywords beside it are merged in. */
export class Dereferencing {
  private readonly references: References;

  constructor(root: JsonSchema) {
    this.references = new References({ root, dialect: 2020, others: new Map() });
  }

  schema(schema: JsonSchema): JsonSchema {
    let at = schema;
    for (let steps = 0; isKeywords(at) && at.$ref !== undefined; steps++) {
      if (steps > MAX_STEPS) throw new SchemaError(`$ref ${JSON.stringify(at.$ref)} leads in circles.`);
      const { $ref, $defs: _defs, definitions: _definitions, ...beside } = at;
      const { schema: target } = this.references.resolve($ref, this.references.root);
      if (target === false || Object.keys(beside).length === 0) at = target;
      else at = target === true ? beside : { ...target, ...beside };
    }
    return at;
  }
}
