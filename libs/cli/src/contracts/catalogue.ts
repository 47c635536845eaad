import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './house.js';

interface Catalogue {
  readonly folder: string;
  /** Text by path under the folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** What the documentation has to say of the contracts as they are. */
export async function catalogueFor({ root, house, baselines }: Pick<Repository, 'root' | 'house' | 'baselines'>): Promise<Catalogue> {
  const { catalogueOf, sendersIn } = await import('@nestbox/schema');
  const { name: title, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  const senders = sendersIn(join(root, 'apps'));
  return { folder: join(root, 'docs'), files: catalogueOf({ house, baselines, senders, title, version }) };
}
