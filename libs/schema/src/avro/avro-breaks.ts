import { items, member, describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';
import { fullNameOf, isPrimitive } from './avro-schema.js';
import type { AvroDocument, AvroField, AvroSchema, AvroType } from './avro-schema.js';

/** By the writer's primitive: the other primitives that a reader may resolve it to (Avro's schema resolution). */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** The reasons why data of one schema does not resolve to another, by the Avro specification. */
export function avroBreaks(reader: AvroDocument, writer: AvroDocument): Break[] {
  return new Resolution(reader, writer).compare(scoped(reader, reader.root, ''), scoped(writer, writer.root, ''), '');
}

/** A type, and the namespace for the names inside it. */
interface ScopedType {
  readonly kind: string;
  readonly type: AvroType;
  readonly branches?: readonly AvroSchema[];
  readonly space: string;
  readonly name?: string;
}

function scoped(document: AvroDocument, schema: AvroSchema, space: string): ScopedType {
  if (Array.isArray(schema)) return { kind: 'union', type: { type: 'union' }, branches: schema as AvroSchema[], space };
  if (typeof schema === 'string') {
    if (isPrimitive(schema)) return { kind: schema, type: { type: schema }, space };
    const named = document.names.get(fullNameOf(schema, space)) ?? document.names.get(schema)!;
    return namedType(named, named.fullName);
  }
  const type = schema as AvroType;
  if (typeof type.type !== 'string') return scoped(document, type.type, space);
  if (isPrimitive(type.type)) return { kind: type.type, type, space };
  if (type.type === 'array' || type.type === 'map') return { kind: type.type, type, space };
  if (type.name === undefined) return scoped(document, type.type, space);
  return namedType(type, fullNameOf(type.name, type.namespace ?? space));
}

function namedType(type: AvroType, fullName: string): ScopedType {
  const kind = type.type === 'error' ? 'record' : (type.type as string);
  return { kind, type, space: fullName.split('.').slice(0, -1).join('.'), name: fullName };
}

class Resolution {
  private readonly underWay = new Set<string>();

  constructor(
    private readonly reader: AvroDocument,
    private readonly writer: AvroDocument,
  ) {}

  compare(ours: ScopedType, theirs: ScopedType, path: string): Break[] {
    if (theirs.branches) {
      return theirs.branches.flatMap((branch) => this.compare(ours, scoped(this.writer, branch, theirs.space), path));
    }
    if (ours.branches) return this.choose(ours, theirs, path);
    if (ours.kind !== theirs.kind) {
      if (PROMOTIONS[theirs.kind]?.includes(ours.kind)) return [];
      const reason = `the reader takes ${ours.kind} at ${describePath(path)}, the writer may send ${theirs.kind}`;
      return [{ kind: 'TYPE_MISMATCH', path, reason }];
    }
    switch (ours.kind) {
      case 'record': return this.records(ours, theirs, path);
      case 'enum': return [...names(ours, theirs, path), ...symbols(ours.type, theirs.type, path)];
      case 'fixed': return [...names(ours, theirs, path), ...sizes(ours.type, theirs.type, path)];
      case 'array': return this.inside(ours, theirs, 'items', items(path));
      case 'map': return this.inside(ours, theirs, 'values', member(path, '*'));
      default: return [];
    }
  }

  private inside(ours: ScopedType, theirs: ScopedType, what: 'items' | 'values', path: string): Break[] {
    const read = scoped(this.reader, ours.type[what]!, ours.space);
    return this.compare(read, scoped(this.writer, theirs.type[what]!, theirs.space), path);
  }

  private choose(ours: ScopedType, theirs: ScopedType, path: string): Break[] {
    const tries = ours.branches!.map((branch) => this.compare(scoped(this.reader, branch, ours.space), theirs, path));
    if (tries.some((breaks) => breaks.length === 0)) return [];
    const sameKind = ours.branches!.findIndex((branch) => scoped(this.reader, branch, ours.space).kind === theirs.kind);
    if (sameKind >= 0) return tries[sameKind]!;
    const reason = `the writer may send ${theirs.kind} at ${describePath(path)}, which is no branch of the reader's union`;
    return [{ kind: 'MISSING_UNION_BRANCH', path, reason }];
  }

  private records(ours: ScopedType, theirs: ScopedType, path: string): Break[] {
    const pair = `${ours.name} ${theirs.name}`;
    // A recursive type: this pair is already being compared further out.
    if (this.underWay.has(pair)) return [];
    this.underWay.add(pair);
    const breaks = [
      ...names(ours, theirs, path),
      ...(ours.type.fields ?? []).flatMap((field) => this.field(field, ours, theirs, path)),
    ];
    this.underWay.delete(pair);
    return breaks;
  }

  private field(field: AvroField, ours: ScopedType, theirs: ScopedType, path: string): Break[] {
    const at = member(path, field.name);
    const called = [field.name, ...(field.aliases ?? [])];
    const [written, ...others] = called.flatMap((name) => theirs.type.fields?.find((other) => other.name === name) ?? []);
    if (others.length > 0) {
      const sent = [written!, ...others].map(({ name }) => describePath(member(path, name))).join(' and ');
      return [{ kind: 'AMBIGUOUS_ALIAS', path: at, reason: `the reader takes ${describePath(at)} under more than one name, and the writer sends ${sent}` }];
    }
    if (written) return this.compare(scoped(this.reader, field.type, ours.space), scoped(this.writer, written.type, theirs.space), at);
    if (field.default !== undefined) return [];
    const reason = `the reader has no default for ${describePath(at)}, which the writer does not send`;
    return [{ kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', path: at, reason }];
  }
}

function names(ours: ScopedType, theirs: ScopedType, path: string): Break[] {
  const short = (name = '') => name.split('.').at(-1);
  const aliases = (ours.type.aliases ?? []).map((alias) => fullNameOf(alias, ours.space));
  if (short(ours.name) === short(theirs.name) || aliases.includes(theirs.name!)) return [];
  return [{ kind: 'NAME_MISMATCH', path, reason: `the reader calls the type at ${describePath(path)} ${ours.name}, the writer ${theirs.name}` }];
}

function symbols(ours: AvroType, theirs: AvroType, path: string): Break[] {
  const missing = theirs.symbols!.filter((symbol) => !ours.symbols!.includes(symbol));
  if (missing.length === 0 || ours.default !== undefined) return [];
  const reason = `the writer may send ${missing.join(' or ')} at ${describePath(path)}, which the reader does not know`;
  return [{ kind: 'MISSING_ENUM_SYMBOLS', path, reason }];
}

function sizes(ours: AvroType, theirs: AvroType, path: string): Break[] {
  if (ours.size === theirs.size) return [];
  const reason = `the reader takes ${ours.size} bytes at ${describePath(path)}, the writer sends ${theirs.size}`;
  return [{ kind: 'FIXED_SIZE_MISMATCH', path, reason }];
}
