import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import * as contracts from '@nestbox/contracts';
import { contractCatalogOf } from '@nestbox/schema';
import type { ContractCatalog, LoadedApp } from '@nestbox/schema';
import { root } from './tools.js';

export const releasesFolder = join(root, 'libs', 'contracts', 'schemas');

/** What the module files of all apps export. */
export async function loadApps(): Promise<LoadedApp[]> {
  // Several apps in one process: TypeORM's module remarks on that, though none of them is started.
  Logger.overrideLogger(false);
  const names = readdirSync(join(root, 'apps'));
  const apps: LoadedApp[] = [];
  for (const name of names) {
    const exports = (await import(join(root, 'apps', name, 'src', `${name}.module.ts`))) as Record<string, unknown>;
    apps.push({ name, exports });
  }
  return apps;
}

/** The contracts and handlers of the house, read from their sources. */
export async function loadHouse(): Promise<ContractCatalog> {
  return contractCatalogOf(contracts, await loadApps());
}
