import protobuf from 'protobufjs';
import type { SchemaReference } from '../compatibility/schema-text.js';
import { SchemaError } from '../compatibility/schema.error.js';
import { textOfDescriptor } from './descriptor-text.js';
import { requireAsProtoc } from './protoc-rules.js';
import { importsOfWellKnown, wellKnown } from './well-known.js';

export interface ProtobufDocument {
  readonly root: protobuf.Root;
  readonly packageName: string;
  /** Messages of the file itself, without imports, outermost first, in text order. */
  readonly messages: readonly protobuf.Type[];
  /** Full names of imported types. */
  readonly imported: ReadonlySet<string>;
}

/** Parses `.proto` text, or a base64 FileDescriptorProto, which some clients register. Throws SchemaError. */
export function parseProtobuf(
  text: string,
  references: readonly SchemaReference[] = [],
  { jsonNames = false }: { jsonNames?: boolean } = {},
): ProtobufDocument {
  try {
    return parse(proto(text), references, { keepCase: !jsonNames, alternateCommentMode: true });
  } catch (cause) {
    if (cause instanceof SchemaError) throw cause;
    throw new SchemaError(`Not a Protobuf schema: ${(cause as Error).message}`, { cause });
  }
}

/** `.proto` text contains white space or punctuation that base64 never has. */
export function isProtoText(text: string): boolean {
  return /[\s;{"]/.test(text.trim());
}

function parse(text: string, references: readonly SchemaReference[], options: protobuf.IParseOptions): ProtobufDocument {
  const root = new protobuf.Root();
  const given = new Map(references.map((reference) => [reference.name, reference.text]));
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const source = given.get(name) ?? wellKnown(name);
    if (source === undefined) throw new SchemaError(`Not a Protobuf schema: import "${name}" is not among its references.`);
    if (typeof source === 'string') importsOf(protobuf.parse(proto(source), root, options)).forEach(load);
    else {
      addMissing(root.define('google.protobuf'), source);
      importsOfWellKnown(name).forEach(load);
    }
  };
  for (const name of importsOf(protobuf.parse(text, new protobuf.Root(), options))) load(name);
  const imported = new Set(typesIn(root).map(({ fullName }) => fullName));
  const own = protobuf.parse(text, root, options);
  root.resolveAll();
  requireAsProtoc(typesIn(root).filter((type) => !imported.has(type.fullName)), /^\s*syntax\s*=\s*["']proto3["']/m.test(text));
  const messages = typesIn(root).filter((type) => type instanceof protobuf.Type && !imported.has(type.fullName)) as protobuf.Type[];
  return { root, packageName: own.package ?? '', messages, imported };
}

/** protobufjs has some types in several of Google's files. */
function addMissing(space: protobuf.Namespace, nested: NonNullable<protobuf.INamespace['nested']>): void {
  const types = (nested as { google?: { nested?: { protobuf?: protobuf.INamespace } } }).google?.nested?.protobuf?.nested ?? {};
  for (const [name, type] of Object.entries(types)) if (!space.get(name)) space.addJSON({ [name]: type });
}

function proto(text: string): string {
  return isProtoText(text) ? text : textOfDescriptor(text);
}

function importsOf({ imports = [], weakImports = [] }: protobuf.IParserResult): string[] {
  return [...imports, ...weakImports];
}

/** All messages and enums under a namespace, outer ones first. */
export function typesIn(space: protobuf.NamespaceBase): (protobuf.Type | protobuf.Enum)[] {
  return space.nestedArray.flatMap((object) => {
    if (object instanceof protobuf.Enum) return [object];
    if (object instanceof protobuf.Type) return [object, ...typesIn(object)];
    return object instanceof protobuf.Namespace ? typesIn(object) : [];
  });
}

/** One text for every spelling of the same file: without white space, comments, or an order between fields and nested types. */
export function canonicalProtobuf(text: string, normalize: boolean): string {
  try {
    const file = protobuf.parse(proto(text), new protobuf.Root(), { keepCase: true });
    const syntax = /^\s*syntax\s*=\s*["'](\w+)/m.exec(proto(text))?.[1] ?? 'proto2';
    const sorted = (name: string, value: unknown): unknown => {
      if (!normalize) return value;
      if (name === 'oneof') return [...(value as string[])].sort();
      return name === 'fields' ? byNumber(value as Fields) : value;
    };
    return JSON.stringify([syntax, file.package, file.imports, file.weakImports, file.root.toJSON()], sorted);
  } catch (cause) {
    if (cause instanceof SchemaError) throw cause;
    throw new SchemaError(`Not a Protobuf schema: ${(cause as Error).message}`, { cause });
  }
}

type Fields = Readonly<Record<string, { readonly id: number }>>;

function byNumber(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).sort(([, a], [, b]) => a.id - b.id));
}
