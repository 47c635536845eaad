import type protobuf from 'protobufjs';
import { member, describePath } from '../compatibility/break.js';
import type { Break } from '../compatibility/break.js';

/** Incompatible changes of `oneof` groups. */
export function oneofBreaks(ours: protobuf.Type, theirs: protobuf.Type, path: string): Break[] {
  return ours.oneofsArray.filter((oneof) => !isProto3Optional(oneof)).flatMap((oneof) => {
    const at = member(path, oneof.name);
    const before = theirs.oneofs?.[oneof.name];
    const gone = (before?.fieldsArray ?? []).filter(({ id }) => !ours.fieldsById[id]).map(({ name }) => name);
    const breaks: Break[] = [];
    if (gone.length > 0) {
      const reason = `the writer may send ${gone.join(' or ')} in the oneof ${describePath(at)}, which the reader does not know`;
      breaks.push({ kind: 'ONEOF_FIELD_REMOVED', path: at, reason });
    }
    const free = oneof.fieldsArray.filter(({ id }) => theirs.fieldsById[id] && !theirs.fieldsById[id].partOf);
    if (free.length > 1 || (free.length === 1 && before && !isProto3Optional(before))) {
      const reason = `the writer may send ${free.map(({ name }) => name).join(' and ')} together, the reader takes one of the oneof ${describePath(at)}`;
      breaks.push({ kind: free.length > 1 ? 'MULTIPLE_FIELDS_MOVED_TO_ONEOF' : 'FIELD_MOVED_TO_EXISTING_ONEOF', path: at, reason });
    }
    return breaks;
  });
}

/** True for the synthetic oneof of a proto3 `optional` field. */
function isProto3Optional(oneof: protobuf.OneOf): boolean {
  return oneof.fieldsArray.length === 1 && oneof.fieldsArray[0]!.options?.proto3_optional === true;
}
