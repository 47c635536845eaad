import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Baselines } from '../gate/baselines.js';
import type { ContractCatalog } from '../gate/contract-catalog.js';
import { asyncApi } from './asyncapi.js';
import { entriesOf } from './entry.js';
import { eventCatalog } from './event-catalog.js';
import { eventsPage } from './events-page.js';

export interface Catalogued {
  readonly catalog: ContractCatalog;
  readonly baselines: Baselines;
  /** By command type: the apps that issue it. */
  readonly senders: ReadonlyMap<string, readonly string[]>;
  readonly title: string;
  readonly version: string;
}

const FOLDERS = 'eventcatalog';

/** All files of the catalogue by path under the docs folder. */
export function catalogueOf({ catalog, baselines, senders, title, version }: Catalogued): Map<string, string> {
  const entries = entriesOf(catalog, baselines, senders);
  return new Map([
    ['events.md', eventsPage(entries)],
    ['asyncapi.json', `${JSON.stringify(asyncApi(entries, { title, version }), null, 2)}\n`],
    ...[...eventCatalog(entries)].map(([path, text]) => [`${FOLDERS}/${path}`, text] as const),
  ]);
}

/** Paths under `folder` that are missing, outdated or obsolete. */
export function staleIn(folder: string, files: ReadonlyMap<string, string>): string[] {
  const differing = [...files].filter(([path, text]) => !existsSync(join(folder, path)) || readFileSync(join(folder, path), 'utf8') !== text);
  return [...differing.map(([path]) => path), ...left(folder).filter((path) => !files.has(path))].sort();
}

/** Returns the paths that it wrote or removed. */
export function writeCatalogue(folder: string, files: ReadonlyMap<string, string>): string[] {
  const stale = staleIn(folder, files);
  for (const path of stale) {
    const text = files.get(path);
    if (text === undefined) {
      rmSync(join(folder, path));
      continue;
    }
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return stale;
}

function left(folder: string): string[] {
  const root = join(folder, FOLDERS);
  if (!existsSync(root)) return [];
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'));
}
