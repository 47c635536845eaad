import type protobuf from 'protobufjs';
import { member, describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';

/** Incompatible changes of `oneof` groups. Fields are known by their numbers, whatever group they are in or it is called. */
export function oneofBreaks(ours: protobuf.Type, theirs: protobuf.Type, path: string): Break[] {
  return [...exclusions(ours, theirs, path), ...removals(ours, theirs, path)];
}

/** Fields that the writer may send together and of which the reader takes one. */
function exclusions(ours: protobuf.Type, theirs: protobuf.Type, path: string): Break[] {
  return groupsOf(ours).flatMap((oneof) => {
    const known = oneof.fieldsArray.flatMap(({ id }) => theirs.fieldsById[id] ?? []);
    const free = known.filter((field) => !groupOf(field));
    const groups = new Set(known.flatMap((field) => groupOf(field) ?? []));
    if (free.length + groups.size < 2) return [];
    const at = member(path, oneof.name);
    const reason = `the writer may send ${known.map(({ name }) => name).join(' and ')} together, the reader takes one of the oneof ${describePath(at)}`;
    return [{ kind: free.length > 1 ? 'MULTIPLE_FIELDS_MOVED_TO_ONEOF' : 'FIELD_MOVED_TO_EXISTING_ONEOF', path: at, reason }];
  });
}

/** Members that the reader has lost, of a group of which it has kept something. */
function removals(ours: protobuf.Type, theirs: protobuf.Type, path: string): Break[] {
  return groupsOf(theirs).flatMap((oneof) => {
    const gone = oneof.fieldsArray.filter(({ id }) => !ours.fieldsById[id]).map(({ name }) => name);
    const isKept = gone.length < oneof.fieldsArray.length || groupsOf(ours).some(({ name }) => name === oneof.name);
    if (gone.length === 0 || !isKept) return [];
    const at = member(path, oneof.name);
    const reason = `the writer may send ${gone.join(' or ')} in the oneof ${describePath(at)}, which the reader does not know`;
    return [{ kind: 'ONEOF_FIELD_REMOVED', path: at, reason }];
  });
}

function groupOf({ partOf }: protobuf.Field): protobuf.OneOf | undefined {
  return partOf && !isProto3Optional(partOf) ? partOf : undefined;
}

function groupsOf(type: protobuf.Type): protobuf.OneOf[] {
  return type.oneofsArray.filter((oneof) => !isProto3Optional(oneof));
}

/** True for the synthetic oneof of a proto3 `optional` field. */
function isProto3Optional(oneof: protobuf.OneOf): boolean {
  return oneof.fieldsArray.length === 1 && oneof.fieldsArray[0]!.options?.proto3_optional === true;
}
