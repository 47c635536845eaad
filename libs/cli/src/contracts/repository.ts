import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Baselines, ContractCatalog } from '@nestbox/schema';
import { Fault } from '../fault.js';

export interface Repository {
  readonly root: string;
  readonly catalog: ContractCatalog;
  readonly baselines: Baselines;
  /** The folder of the releases. */
  readonly folder: string;
}

/** Builds the repository of the working directory and reads its contracts, handlers and releases. Needs no network. */
export async function readRepository(start = process.cwd()): Promise<Repository> {
  const root = rootAbove(start);
  build(root);
  const { contractCatalogOf, readBaselines } = await import('@nestbox/schema');
  // TypeORM's module warns about several apps in one process, although none is started here.
  const { Logger } = await import('@nestjs/common');
  Logger.overrideLogger(false);
  const contracts = await load(join(root, 'libs', 'contracts', 'dist', 'index.js'));
  const apps = await Promise.all(
    appsIn(root).map(async (name) => ({ name, exports: await load(join(root, 'dist', 'apps', name, `${name}.module.js`)) })),
  );
  const folder = join(root, 'libs', 'contracts', 'schemas');
  return { root, folder, catalog: contractCatalogOf(contracts, apps), baselines: readBaselines(folder) };
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'libs', 'contracts', 'src')) && existsSync(join(folder, 'tools', 'build.mjs'))) return folder;
  if (dirname(folder) === folder) throw new Fault('No contracts are here: run this inside the repository that has libs/contracts');
  return rootAbove(dirname(folder));
}

/** Builds first, so that the current sources are checked, not the last build. */
function build(root: string): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools', 'build.mjs'), '--quiet'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Fault(stderr.trim() || 'The build failed: run "npm run build"');
}

function appsIn(root: string): string[] {
  return readdirSync(join(root, 'apps')).filter((name) => existsSync(join(root, 'apps', name, 'src', `${name}.module.ts`)));
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    // The error of a faulty contract names the fault.
    throw new Fault((cause as Error).message.split('\n')[0]!, 1, { cause });
  }
}
