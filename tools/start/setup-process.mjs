import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../home.mjs';
import { createDatabases } from './databases.mjs';
import { migrateAll } from './migrate.mjs';

/** Databases, roles and migrations on a given server: what docker compose runs, from built apps, before the apps. */
const superuser = new URL(process.env.DATABASE_URL ?? '');
const passwordFor = () => decodeURIComponent(superuser.password);
const contexts = readdirSync(join(repository, 'dist', 'apps'));

await createDatabases({ url: superuser.href, passwordFor, contexts });
await migrateAll({ server: superuser.host, passwordFor, contexts });
