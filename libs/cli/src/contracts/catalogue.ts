import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './repository.js';

interface Catalogue {
  readonly folder: string;
  /** File contents by path under the folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** The documentation of the current contracts. */
export async function catalogueFor({ root, catalog, baselines }: Pick<Repository, 'root' | 'catalog' | 'baselines'>): Promise<Catalogue> {
  const { catalogueOf, sendersIn } = await import('@nestbox/schema');
  const { name: title, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  const senders = sendersIn(join(root, 'apps'));
  return { folder: join(root, 'docs'), files: catalogueOf({ catalog, baselines, senders, title, version }) };
}
