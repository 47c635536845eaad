import protobuf from 'protobufjs';
import { items, member, describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';
import { oneofBreaks } from './oneof-breaks.js';
import type { ProtobufDocument } from './protobuf-schema.js';

/** Scalars that share an encoding, so one can be read as the other; enums belong to the first group. */
const ENCODINGS: Readonly<Record<string, string>> = {
  int32: 'number', uint32: 'number', int64: 'number', uint64: 'number', bool: 'number',
  sint32: 'signed number', sint64: 'signed number',
  fixed32: '32 bits', sfixed32: '32 bits', fixed64: '64 bits', sfixed64: '64 bits',
  float: 'float', double: 'double', string: 'text', bytes: 'text',
};

/**
 * The reasons why a reader of one `.proto` cannot read data of another. Without `strict` only field numbers and encodings
 * count, not names (Confluent's rules). With `strict` also changes that would silently alter what the reader gets.
 */
export function protobufBreaks(reader: ProtobufDocument, writer: ProtobufDocument, strict: boolean): Break[] {
  const breaks: Break[] = [];
  const ours = byLocalName(reader);
  const theirs = byLocalName(writer);
  for (const name of theirs.keys()) {
    if (!ours.has(name)) breaks.push({ kind: 'MESSAGE_REMOVED', path: '', reason: `the reader has no message ${name}, which the writer sends` });
  }
  const mainOfReader = reader.messages[0];
  for (const [name, ourType] of ours) {
    const theirType = theirs.get(name);
    if (!theirType) continue;
    // Paths start at the file's first message, which is what a record contains.
    const prefix = ourType === mainOfReader ? '' : name;
    breaks.push(...new Messages(reader, writer, strict).compare(ourType, theirType, prefix));
  }
  return distinct(breaks);
}

function byLocalName({ messages, packageName }: ProtobufDocument): Map<string, protobuf.Type> {
  const drop = packageName === '' ? 1 : packageName.length + 2;
  const own = messages.filter((type) => type.options?.map_entry !== true);
  return new Map(own.map((type) => [type.fullName.slice(drop), type]));
}

class Messages {
  private readonly underWay = new Set<string>();

  constructor(
    private readonly reader: ProtobufDocument,
    private readonly writer: ProtobufDocument,
    private readonly strict: boolean,
  ) {}

  compare(ours: protobuf.Type, theirs: protobuf.Type, path: string): Break[] {
    const pair = `${ours.fullName} ${theirs.fullName}`;
    if (this.underWay.has(pair)) return [];
    this.underWay.add(pair);
    return [...this.fields(ours, theirs, path), ...oneofBreaks(ours, theirs, path)];
  }

  private fields(ours: protobuf.Type, theirs: protobuf.Type, path: string): Break[] {
    const breaks: Break[] = [];
    for (const field of ours.fieldsArray) {
      const written = theirs.fieldsById[field.id];
      if (written) breaks.push(...this.field(field, written, path));
      else breaks.push(...this.missing(field, theirs, path));
    }
    for (const gone of theirs.fieldsArray) {
      if (!gone.required || ours.fieldsById[gone.id]) continue;
      const at = pathOf(gone, path);
      breaks.push({ kind: 'REQUIRED_FIELD_REMOVED', path: at, reason: `the reader does not know ${describePath(at)}, which the writer requires` });
    }
    return breaks;
  }

  private missing(field: protobuf.Field, theirs: protobuf.Type, path: string): Break[] {
    const at = pathOf(field, path);
    if (field.required) {
      return [{ kind: 'REQUIRED_FIELD_ADDED', path: at, reason: `the reader requires ${describePath(at)}, the writer does not send it` }];
    }
    if (!this.strict || isOptional(field)) return [];
    const renumbered = theirs.fields[field.name];
    const how = renumbered ? `sends it as number ${renumbered.id} instead of ${field.id}` : 'does not send it';
    const kind = renumbered ? 'FIELD_NUMBER_CHANGED' : 'FIELD_REMOVED';
    return [{ kind, path: at, reason: `the reader would find ${describePath(at)} empty, because the writer ${how}` }];
  }

  private field(field: protobuf.Field, written: protobuf.Field, path: string): Break[] {
    field.resolve();
    written.resolve();
    const at = pathOf(field, path);
    const breaks = [...this.kinds(field, written, at)];
    if (field.name !== written.name && this.strict) {
      const reason = `number ${field.id} is ${describePath(at)} for the reader and "${written.name}" for the writer`;
      breaks.push({ kind: 'FIELD_NAME_CHANGED', path: at, reason });
    }
    if (field.repeated !== written.repeated && (this.strict || isNumeric(field) || isNumeric(written))) {
      const reason = `${describePath(at)} is ${labelOf(field)} for the reader and ${labelOf(written)} for the writer`;
      breaks.push({ kind: 'FIELD_NUMERIC_LABEL_CHANGED', path: at, reason });
    }
    if (field.required && !written.required) {
      breaks.push({ kind: 'REQUIRED_FIELD_ADDED', path: at, reason: `the reader requires ${describePath(at)}, the writer may leave it out` });
    }
    return breaks;
  }

  private kinds(field: protobuf.Field, written: protobuf.Field, at: string): Break[] {
    const change = (kind: string): Break[] => [
      { kind, path: at, reason: `the reader takes ${typeName(field)} at ${describePath(at)}, the writer sends ${typeName(written)}` },
    ];
    if (field instanceof protobuf.MapField !== written instanceof protobuf.MapField) return change('FIELD_KIND_CHANGED');
    if (field instanceof protobuf.MapField && written instanceof protobuf.MapField) {
      if (encodingOf(field.keyType) !== encodingOf(written.keyType)) return change('FIELD_KIND_CHANGED');
    }
    const ours = field.resolvedType;
    const theirs = written.resolvedType;
    if (ours instanceof protobuf.Type && theirs instanceof protobuf.Type) {
      return this.messages(ours, theirs, at, field.repeated ? items(at) : at, change);
    }
    if (ours instanceof protobuf.Type || theirs instanceof protobuf.Type) return change('FIELD_KIND_CHANGED');
    if (encodingOf(field.type, ours) !== encodingOf(written.type, theirs)) {
      return change(ours || theirs ? 'FIELD_KIND_CHANGED' : 'FIELD_SCALAR_KIND_CHANGED');
    }
    if (this.strict && !ours && !theirs && !widens(written.type, field.type)) return change('FIELD_SCALAR_KIND_CHANGED');
    if (this.strict && ours && theirs) return constants(ours, theirs, at);
    return this.strict && (ours === null) !== (theirs === null) ? change('FIELD_KIND_CHANGED') : [];
  }

  private messages(
    ours: protobuf.Type,
    theirs: protobuf.Type,
    at: string,
    inside: string,
    change: (kind: string) => Break[],
  ): Break[] {
    const sameName = localName(ours, this.reader) === localName(theirs, this.writer);
    if (!sameName && ours.name !== theirs.name) return change('FIELD_NAMED_TYPE_CHANGED');
    return this.compare(ours, theirs, inside === at ? at : inside);
  }
}

function constants(ours: protobuf.Enum, theirs: protobuf.Enum, path: string): Break[] {
  const missing = Object.entries(theirs.values).filter(([, number]) => ours.valuesById[number] === undefined);
  const renamed = Object.entries(theirs.values).filter(([name, number]) => (ours.valuesById[number] ?? name) !== name);
  const breaks: Break[] = [];
  if (missing.length > 0) {
    const sent = missing.map(([name]) => name).join(' or ');
    breaks.push({ kind: 'ENUM_CONST_ADDED', path, reason: `the writer may send ${sent} at ${describePath(path)}, which the reader does not know` });
  }
  if (renamed.length > 0) {
    const [name, number] = renamed[0]!;
    const reason = `${number} at ${describePath(path)} is ${ours.valuesById[number]} for the reader and ${name} for the writer`;
    breaks.push({ kind: 'ENUM_CONST_CHANGED', path, reason });
  }
  return breaks;
}

function isOptional(field: protobuf.Field): boolean {
  return field.options?.proto3_optional === true || field.repeated || field instanceof protobuf.MapField || field.partOf !== null;
}

function pathOf(field: protobuf.Field, path: string): string {
  return member(path, field.name);
}

function labelOf({ repeated }: protobuf.Field): string {
  return repeated ? 'repeated' : 'single';
}

function isNumeric(field: protobuf.Field): boolean {
  return field.resolvedType instanceof protobuf.Enum || !['text', undefined].includes(ENCODINGS[field.type]);
}

function encodingOf(type: string, resolved: protobuf.ReflectionObject | null = null): string {
  return resolved instanceof protobuf.Enum ? 'number' : (ENCODINGS[type] ?? type);
}

/** Whether every value of one scalar keeps its value in the other. */
function widens(from: string, to: string): boolean {
  if (from === to) return true;
  const wider: Readonly<Record<string, readonly string[]>> = { int32: ['int64'], uint32: ['uint64', 'int64'], sint32: ['sint64'] };
  return wider[from]?.includes(to) ?? false;
}

function typeName(field: protobuf.Field): string {
  return `${field.repeated ? 'repeated ' : ''}${field instanceof protobuf.MapField ? `map<${field.keyType}, ${field.type}>` : field.type}`;
}

function localName(type: protobuf.ReflectionObject, { packageName }: ProtobufDocument): string {
  const full = type.fullName.slice(1);
  return packageName !== '' && full.startsWith(`${packageName}.`) ? full.slice(packageName.length + 1) : full;
}

function distinct(breaks: readonly Break[]): Break[] {
  return [...new Map(breaks.map((one) => [`${one.kind} ${one.reason}`, one])).values()];
}
