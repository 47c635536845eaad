import protobuf from 'protobufjs';
import descriptors from 'protobufjs/ext/descriptor.js';
import type { IDescriptorProto, IEnumDescriptorProto, IFieldDescriptorProto, IFileDescriptorProto } from 'protobufjs/ext/descriptor.js';
import { SchemaError } from '../compatibility/schema.error.js';

const SCALARS: Readonly<Record<number, string>> = {
  1: 'double', 2: 'float', 3: 'int64', 4: 'uint64', 5: 'int32', 6: 'fixed64', 7: 'fixed32', 8: 'bool', 9: 'string',
  12: 'bytes', 13: 'uint32', 15: 'sfixed32', 16: 'sfixed64', 17: 'sint32', 18: 'sint64',
};
const REQUIRED = 2;
const REPEATED = 3;

/** Converts a base64 FileDescriptorProto to `.proto` text. Throws SchemaError for anything else. */
export function textOfDescriptor(base64: string): string {
  const file = decode(base64);
  const syntax = file.syntax || 'proto2';
  const lines = [`syntax = "${syntax}";`];
  if (file.package) lines.push(`package ${file.package};`);
  for (const name of file.dependency ?? []) lines.push(`import "${name}";`);
  for (const type of file.enumType ?? []) lines.push(...enumLines(type));
  for (const type of file.messageType ?? []) lines.push(...messageLines(type, syntax));
  return `${lines.join('\n')}\n`;
}

function decode(base64: string): IFileDescriptorProto {
  try {
    const bytes = Buffer.from(base64, 'base64');
    const file = descriptors.FileDescriptorProto.decode(bytes);
    return descriptors.FileDescriptorProto.toObject(file, { defaults: false }) as IFileDescriptorProto;
  } catch (cause) {
    throw new SchemaError('Not a Protobuf schema: neither a .proto text nor a file descriptor in base64.', { cause });
  }
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

function enumLines({ name, value = [], options }: IEnumDescriptorProto): string[] {
  const alias = options?.allowAlias ? ['option allow_alias = true;'] : [];
  return [`enum ${name} {`, ...indented([...alias, ...value!.map((one) => `${one.name} = ${one.number ?? 0};`)]), '}'];
}

function messageLines(type: IDescriptorProto, syntax: string): string[] {
  const fields = type.field ?? [];
  const maps = new Map((type.nestedType ?? []).filter(({ options }) => options?.mapEntry).map((entry) => [entry.name!, entry]));
  const inOneof = (field: IFieldDescriptorProto) => field.oneofIndex !== undefined && field.oneofIndex !== null && !field.proto3Optional;
  const inside = [
    ...(type.enumType ?? []).flatMap((inner) => enumLines(inner)),
    ...(type.nestedType ?? []).filter(({ options }) => !options?.mapEntry).flatMap((inner) => messageLines(inner, syntax)),
    ...fields.filter((field) => !inOneof(field)).map((field) => fieldLine(field, maps, syntax)),
    ...(type.oneofDecl ?? []).flatMap(({ name }, index) => {
      const own = fields.filter((field) => inOneof(field) && field.oneofIndex === index);
      return own.length > 0 ? [`oneof ${name} {`, ...indented(own.map((field) => fieldLine(field, maps, 'oneof'))), '}'] : [];
    }),
    ...(type.reservedRange ?? []).map(({ start, end }) => `reserved ${start}${end! - 1 > start! ? ` to ${end! - 1}` : ''};`),
    ...(type.reservedName ?? []).map((name) => `reserved "${name}";`),
  ];
  return [`message ${type.name} {`, ...indented(inside), '}'];
}

function fieldLine(field: IFieldDescriptorProto, maps: ReadonlyMap<string, IDescriptorProto>, syntax: string): string {
  const entry = field.typeName ? maps.get(field.typeName.split('.').at(-1)!) : undefined;
  const end = `${field.name} = ${field.number};`;
  if (entry) {
    const [key, value] = entry.field!.map((part) => typeOf(part));
    return `map<${key}, ${value}> ${end}`;
  }
  return `${labelOf(field, syntax)}${typeOf(field)} ${end}`;
}

function labelOf({ label, proto3Optional }: IFieldDescriptorProto, syntax: string): string {
  if (Number(label) === REPEATED) return 'repeated ';
  if (syntax === 'proto2') return Number(label) === REQUIRED ? 'required ' : 'optional ';
  return proto3Optional ? 'optional ' : '';
}

function typeOf({ type, typeName }: IFieldDescriptorProto): string {
  return typeName ? typeName : (SCALARS[Number(type)] ?? 'bytes');
}

/** The reverse, for clients that request it: a base64 FileDescriptorProto called `name`. */
export function descriptorOfText(text: string, name: string): string {
  const { root, imports = [], package: space = '' } = protobuf.parse(text, new protobuf.Root(), { keepCase: true });
  const syntax = /^\s*syntax\s*=\s*"(\w+)"/m.exec(text)?.[1] ?? 'proto2';
  const { file } = (root as unknown as { toDescriptor(edition: string): { file: IFileDescriptorProto[] } }).toDescriptor(syntax);
  const own = file.find((one) => (one.package ?? '') === space) ?? file[0] ?? {};
  const whole = descriptors.FileDescriptorProto.create({ ...own, name, syntax, dependency: imports });
  return Buffer.from(descriptors.FileDescriptorProto.encode(whole).finish()).toString('base64');
}
