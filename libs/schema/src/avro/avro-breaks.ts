import { describePath, member } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';
import { asBreak, distinct, gap, itemStep, under } from '../compatibility/gap.js';
import type { Gap } from '../compatibility/gap.js';
import { Proofs } from '../compatibility/proofs.js';
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
  const gaps = new Resolution(reader, writer).compare(scoped(reader, reader.root, ''), scoped(writer, writer.root, ''));
  return distinct(gaps).map(asBreak);
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

const CIRCULAR = gap('TYPE_MISMATCH', '', () => 'the reader and the writer only refer to themselves');

class Resolution {
  private readonly proofs = new Proofs<Gap>(CIRCULAR);

  constructor(
    private readonly reader: AvroDocument,
    private readonly writer: AvroDocument,
  ) {}

  compare(ours: ScopedType, theirs: ScopedType): readonly Gap[] {
    if (theirs.branches) {
      return distinct(theirs.branches.flatMap((branch) => this.compare(ours, scoped(this.writer, branch, theirs.space))));
    }
    if (ours.branches) return this.choose(ours, theirs);
    if (ours.kind !== theirs.kind) {
      if (PROMOTIONS[theirs.kind]?.includes(ours.kind)) return [];
      return [gap('TYPE_MISMATCH', '', (path) => `the reader takes ${ours.kind} at ${describePath(path)}, the writer may send ${theirs.kind}`)];
    }
    switch (ours.kind) {
      // A pair of records is compared once, however often it is met.
      case 'record': return this.proofs.prove(`${ours.name} ${theirs.name}`, () => this.records(ours, theirs));
      case 'enum': return [...names(ours, theirs), ...symbols(ours.type, theirs.type)];
      case 'fixed': return [...names(ours, theirs), ...sizes(ours.type, theirs.type)];
      case 'array': return this.inside(ours, theirs, 'items', itemStep(undefined));
      case 'map': return this.inside(ours, theirs, 'values', '*');
      default: return [];
    }
  }

  private inside(ours: ScopedType, theirs: ScopedType, what: 'items' | 'values', step: string): Gap[] {
    const read = scoped(this.reader, ours.type[what]!, ours.space);
    const written = scoped(this.writer, theirs.type[what]!, theirs.space);
    return under(step, this.proofs.inside(() => this.compare(read, written)));
  }

  private choose(ours: ScopedType, theirs: ScopedType): readonly Gap[] {
    const branches = ours.branches!.map((branch) => scoped(this.reader, branch, ours.space));
    // Of records the one of the same name is meant, if there is one: the likeliest is asked first.
    branches.sort((a, b) => Number(b.name === theirs.name) - Number(a.name === theirs.name));
    const alike = branches.filter(({ kind }) => kind === theirs.kind || PROMOTIONS[theirs.kind]?.includes(kind));
    let first: readonly Gap[] | undefined;
    for (const branch of alike) {
      const gaps = this.compare(branch, theirs);
      if (gaps.length === 0) return [];
      first ??= gaps;
    }
    return first ?? [gap('MISSING_UNION_BRANCH', '', (path) => `the writer may send ${theirs.kind} at ${describePath(path)}, which is no branch of the reader's union`)];
  }

  private records(ours: ScopedType, theirs: ScopedType): Gap[] {
    return distinct([...names(ours, theirs), ...(ours.type.fields ?? []).flatMap((field) => this.field(field, ours, theirs))]);
  }

  private field(field: AvroField, ours: ScopedType, theirs: ScopedType): Gap[] {
    const called = [field.name, ...(field.aliases ?? [])];
    const [written, ...others] = called.flatMap((name) => theirs.type.fields?.find((other) => other.name === name) ?? []);
    if (others.length > 0) return [ambiguous(field.name, [written!, ...others])];
    if (!written) {
      if (field.default !== undefined) return [];
      return [gap('READER_FIELD_MISSING_DEFAULT_VALUE', field.name, (path) => `the reader has no default for ${describePath(path)}, which the writer does not send`)];
    }
    const compare = () => this.compare(scoped(this.reader, field.type, ours.space), scoped(this.writer, written.type, theirs.space));
    return under(field.name, this.proofs.inside(compare));
  }
}

function ambiguous(name: string, written: readonly AvroField[]): Gap {
  return gap('AMBIGUOUS_ALIAS', name, (path) => {
    const space = path.slice(0, -name.length - 1);
    const sent = written.map((one) => describePath(member(space, one.name))).join(' and ');
    return `the reader takes ${describePath(path)} under more than one name, and the writer sends ${sent}`;
  });
}

function names(ours: ScopedType, theirs: ScopedType): Gap[] {
  const short = (name = '') => name.split('.').at(-1);
  const aliases = (ours.type.aliases ?? []).map((alias) => fullNameOf(alias, ours.space));
  if (short(ours.name) === short(theirs.name) || aliases.includes(theirs.name!)) return [];
  return [gap('NAME_MISMATCH', '', (path) => `the reader calls the type at ${describePath(path)} ${ours.name}, the writer ${theirs.name}`)];
}

function symbols(ours: AvroType, theirs: AvroType): Gap[] {
  const missing = theirs.symbols!.filter((symbol) => !ours.symbols!.includes(symbol));
  if (missing.length === 0 || ours.default !== undefined) return [];
  return [gap('MISSING_ENUM_SYMBOLS', '', (path) => `the writer may send ${missing.join(' or ')} at ${describePath(path)}, which the reader does not know`)];
}

function sizes(ours: AvroType, theirs: AvroType): Gap[] {
  if (ours.size === theirs.size) return [];
  return [gap('FIXED_SIZE_MISMATCH', '', (path) => `the reader takes ${ours.size} bytes at ${describePath(path)}, the writer sends ${theirs.size}`)];
}
