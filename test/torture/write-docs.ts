import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/tools.js';
import { UsageError } from './options.js';
import { reliabilityPage } from './reliability-page.js';
import type { PlantedBug } from './reliability-page.js';
import type { Report } from './report.js';

export const PAGE = 'docs/reliability.md';

/** What a file may hold: the report of a run, or `{ "planted": [{ "bug": "…", "caughtBy": "…" }] }`. */
type Given = Report | { readonly planted: readonly PlantedBug[] };

export function writeDocs(files: readonly string[]): void {
  const given = files.map(read);
  const reports = given.filter((one): one is Report => 'laws' in one);
  const planted = given.flatMap((one) => ('planted' in one ? one.planted : []));
  writeFileSync(join(root, PAGE), reliabilityPage(reports, planted));
}

function read(file: string): Given {
  let given: Given;
  try {
    given = JSON.parse(readFileSync(file, 'utf8')) as Given;
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  if ('laws' in given && given.version !== 2) throw new UsageError(`${file} was written by another version of the torture: run "${given.command}" again`);
  if ('planted' in given || ('laws' in given && 'steps' in given)) return given;
  throw new UsageError(`${file} is neither a report.json of the torture nor a list of planted bugs`);
}
