import type { Baselines } from '../gate/baselines.js';
import { fieldsOf } from '../gate/fields.js';
import type { Field } from '../gate/fields.js';
import type { ContractView, ContractCatalog, ReaderView } from '../gate/contract-catalog.js';

export interface EntryField extends Field {
  /** Apps with a handler that reads it. */
  readonly readBy: readonly string[];
}

/** All that there is to say of one contract. */
export interface Entry extends ContractView {
  /** Apps that write it: of an event its context, of a command whoever issues it. */
  readonly writers: readonly string[];
  readonly readers: readonly ReaderView[];
  readonly fields: readonly EntryField[];
  /** How often it has been released; 0 for one that is new. */
  readonly releases: number;
}

/** By contract name: `senders` are the apps that issue a command, by its type. */
export function entriesOf(house: ContractCatalog, { releases }: Baselines, senders: ReadonlyMap<string, readonly string[]>): Entry[] {
  return house.contracts.map((contract) => {
    const readers = house.readers.filter((reader) => reader.contract === contract.name);
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

/** `v1`, and which release of it would be the next to be frozen, or was the last: `1.2.0`. */
export function versionOf({ version, releases }: Entry): string {
  return `${version}.${Math.max(releases, 1)}.0`;
}

export function wireName({ wire }: Entry): string {
  return { AVRO: 'Avro', PROTOBUF: 'Protobuf', JSON: 'JSON' }[wire?.format ?? 'JSON'];
}

/** What a handler says that it reads: its fields, or the whole of the contract. */
export function readingOf({ reads }: ReaderView): string {
  if (reads === undefined) return 'everything';
  const paths = fieldsOf(reads).map(({ path }) => path);
  // `lines` says nothing beside `lines[].sku`.
  const leaves = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}[`) || other.startsWith(`${path}.`)));
  return leaves.length > 0 ? leaves.join(', ') : 'nothing';
}
