import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @type {import('./migrate.mjs').MigrationJob[]} */
const jobs = JSON.parse(process.env.MIGRATION_JOBS ?? '[]');
const { migrate } = await import('@nestbox/database');

await Promise.all(
  jobs.map(async ({ module, name, url, appRoles }) => {
    const { [name]: migrations } = await import(isAbsolute(module) ? pathToFileURL(module).href : module);
    await migrate({ url, migrations, appRoles });
  }),
);
