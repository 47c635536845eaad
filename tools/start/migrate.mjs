import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';
import { ownerOf } from './databases.mjs';
import { moveSubjectKeys } from './move-subject-keys.mjs';

/** @typedef {{ module: string, name: string, url: string, appRoles: string[] }} MigrationJob */

/**
 * Migrates every context's database and those of the house, each as its owner, in one process of its own: the
 * supervisor stays free of the apps' code.
 * @param {{ server: string, passwordFor: (role: string) => string, contexts: string[], signal?: AbortSignal }} options
 *   server: host:port
 */
export async function migrateAll({ server, passwordFor, contexts, signal }) {
  const as = (/** @type {string} */ database) => {
    const owner = ownerOf(database);
    return `postgres://${owner}:${encodeURIComponent(passwordFor(owner))}@${server}/${database}`;
  };
  /** @type {MigrationJob[]} */
  const jobs = contexts
    .map((context) => ({
      module: join(repository, 'dist', 'apps', context, 'persistence', 'migrations', 'index.js'),
      name: 'migrations',
      url: as(context),
      appRoles: [context],
    }))
    .filter(({ module }) => existsSync(module));
  jobs.push({ module: '@nestbox/eventing', name: 'brokerMigrations', url: as('broker'), appRoles: contexts });
  jobs.push({ module: '@nestbox/eventing', name: 'subjectKeyMigrations', url: as('keys'), appRoles: contexts });
  // Passwords travel in the environment: arguments are for everybody to see.
  const env = { ...process.env, MIGRATION_JOBS: JSON.stringify(jobs) };
  await run(process.execPath, [join(repository, 'tools', 'start', 'migration-process.mjs')], { env, signal });
  await moveSubjectKeys({ from: as('broker'), to: as('keys') });
}
