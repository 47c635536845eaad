import type { Baselines } from '../gate/baselines.js';
import { fieldsOf } from '../gate/fields.js';
import type { Field } from '../gate/fields.js';
import type { ContractView, ContractCatalog, ReaderView } from '../gate/contract-catalog.js';

export interface EntryField extends Field {
  /** Apps with a handler that reads it. */
  readonly readBy: readonly string[];
}

/** Everything about one contract. */
export interface Entry extends ContractView {
  /** Apps that write it: an event's context, or the apps that issue a command. */
  readonly writers: readonly string[];
  readonly readers: readonly ReaderView[];
  readonly fields: readonly EntryField[];
  /** Number of releases; 0 for a new contract. */
  readonly releases: number;
}

/** `senders`: by command type, the apps that issue it. */
export function entriesOf(catalog: ContractCatalog, { releases }: Baselines, senders: ReadonlyMap<string, readonly string[]>): Entry[] {
  return catalog.contracts.map((contract) => {
    const readers = catalog.readers.filter((reader) => reader.contract === contract.name);
    const writers = contract.kind === 'event' ? [contract.context] : (senders.get(contract.type) ?? []);
    const read = readers.map(({ app, reads }) => ({ app, paths: reads === undefined ? undefined : fieldsOf(reads).map(({ path }) => path) }));
    const fields = fieldsOf(contract.schema).map((field) => ({
      ...field,
      readBy: unique(read.flatMap(({ app, paths }) => (!paths || paths.includes(field.path) ? [app] : []))),
    }));
    return { ...contract, writers, readers, fields, releases: releases.get(contract.name)?.length ?? 0 };
  });
}

export function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** The catalogue version: contract version and number of releases, as `1.2.0`. */
export function versionOf({ version, releases }: Entry): string {
  return `${version}.${Math.max(releases, 1)}.0`;
}

export function wireName({ wire }: Entry): string {
  return { AVRO: 'Avro', PROTOBUF: 'Protobuf', JSON: 'JSON' }[wire?.format ?? 'JSON'];
}

/** The fields that a handler reads, or the whole contract. */
export function readingOf({ reads }: ReaderView): string {
  if (reads === undefined) return 'everything';
  const paths = fieldsOf(reads).map(({ path }) => path);
  // `lines` is redundant beside `lines[].sku`.
  const leaves = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}[`) || other.startsWith(`${path}.`)));
  return leaves.length > 0 ? leaves.join(', ') : 'nothing';
}
