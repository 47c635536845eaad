import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { WireSchema } from '@nestbox/kernel';
import type { JsonSchema } from '../json/keywords.js';
import type { ContractView, ContractCatalog } from './contract-catalog.js';

/** A released contract. It never changes, because events written with it are kept. */
export interface Release {
  readonly contract: string;
  /** 1, 2, 3 … per contract. */
  readonly release: number;
  readonly schema: JsonSchema;
  readonly wire?: WireSchema;
  readonly examples: readonly unknown[];
}

/** By handler and contract: the schema that the handler read at the last release; null for the whole contract. */
export type ReleasedReaders = Readonly<Record<string, Readonly<Record<string, JsonSchema | null>>>>;

export interface Baselines {
  readonly releases: ReadonlyMap<string, readonly Release[]>;
  readonly readers: ReleasedReaders;
}

const READERS = 'readers.json';

/** `folder` contains the readers' file, and per contract a folder with a file per release. */
export function readBaselines(folder: string): Baselines {
  const releases = new Map<string, Release[]>();
  const contracts = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  for (const { name } of contracts) {
    const numbers = readdirSync(join(folder, name)).flatMap((file) => /^(\d+)\.json$/.exec(file)?.[1] ?? []);
    const sorted = numbers.map(Number).sort((a, b) => a - b);
    releases.set(name, sorted.map((number) => json<Release>(join(folder, name, `${number}.json`))));
  }
  const readers = existsSync(join(folder, READERS)) ? json<ReleasedReaders>(join(folder, READERS)) : {};
  return { releases, readers };
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** Contracts that differ from their last release, or were never released. */
export function unreleased({ contracts }: ContractCatalog, { releases }: Baselines): ContractView[] {
  return contracts.filter((contract) => {
    const last = releases.get(contract.name)?.at(-1);
    return !last || !isDeepStrictEqual(plain(asRelease(contract, last.release)), plain(last));
  });
}

/** Removes descriptions and the like: better wording is not a change. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (name, inside) => (isRemark(name, inside) ? undefined : inside))) as T;
}

/** `description: "…"` is a remark; `description: {…}` is a field of that name. */
function isRemark(name: string, value: unknown): boolean {
  return (name === 'description' || name === 'title') && typeof value === 'string';
}

function asRelease({ name, schema, wire, examples }: ContractView, release: number): Release {
  return { contract: name, release, schema, ...(wire ? { wire } : {}), examples };
}

/** Writes the unreleased contracts and the current readers; returns `<contract> release <n>` for each new file. */
export function release(catalog: ContractCatalog, baselines: Baselines, folder: string): string[] {
  const written = unreleased(catalog, baselines).map((contract) => {
    const next = (baselines.releases.get(contract.name)?.at(-1)?.release ?? 0) + 1;
    mkdirSync(join(folder, contract.name), { recursive: true });
    write(join(folder, contract.name, `${next}.json`), asRelease(contract, next));
    return `${contract.name} release ${next}`;
  });
  write(join(folder, READERS), readersOf(catalog));
  return written;
}

function readersOf({ readers }: ContractCatalog): ReleasedReaders {
  const byHandler: Record<string, Record<string, JsonSchema | null>> = {};
  for (const { handler, contract, reads } of readers) (byHandler[handler] ??= {})[contract] = reads ?? null;
  return byHandler;
}

function write(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
