import protobuf from 'protobufjs';
import { SchemaError } from '../compatibility/schema.error.js';

const MAX_NUMBER = 536_870_911;
const RESERVED = [19_000, 19_999] as const;

/** Throws SchemaError for what protoc refuses and protobufjs takes. */
export function requireAsProtoc(types: readonly (protobuf.Type | protobuf.Enum)[], isProto3: boolean): void {
  const constants = new Map<string, string>();
  for (const type of types) {
    if (type instanceof protobuf.Type) requireFields(type, isProto3);
    else requireConstants(type, isProto3, constants);
  }
}

function refuse(type: protobuf.ReflectionObject, why: string): never {
  throw new SchemaError(`Not a Protobuf schema: in ${type.fullName.slice(1)} ${why}.`);
}

function requireFields(type: protobuf.Type, isProto3: boolean): void {
  const names = new Map<string, string>();
  for (const { id, name } of type.fieldsArray) {
    if (id < 1 || id > MAX_NUMBER) refuse(type, `the number of ${name} is not between 1 and ${MAX_NUMBER}`);
    if (id >= RESERVED[0] && id <= RESERVED[1]) refuse(type, `the number of ${name} is one of ${RESERVED.join(' to ')}, which Protobuf keeps for itself`);
    const inJson = name.replace(/_+(\w)/g, (_, next: string) => next.toUpperCase());
    const other = names.get(inJson);
    if (isProto3 && other !== undefined) refuse(type, `${other} and ${name} are the same name in JSON`);
    names.set(inJson, name);
  }
}

/** Constants stand beside their enum, so two enums of one scope may not share a name. */
function requireConstants(type: protobuf.Enum, isProto3: boolean, constants: Map<string, string>): void {
  const [first] = Object.values(type.values);
  if (first === undefined) refuse(type, 'there is no constant');
  if (isProto3 && first !== 0) refuse(type, 'the first constant is not zero');
  for (const name of Object.keys(type.values)) {
    const key = `${type.parent!.fullName}.${name}`;
    const other = constants.get(key);
    if (other !== undefined) refuse(type, `there is a constant ${name}, which ${other} beside it has too`);
    constants.set(key, type.name);
  }
}
