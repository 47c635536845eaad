import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../fault.mjs';
import { run } from '../run.mjs';

/**
 * Makes the database files once.
 * @param {{ binaries: ReturnType<typeof import('./binaries.mjs').postgresBinaries>,
 *   identity: import('./unprivileged.mjs').Identity, home: string, data: string, password: string }} options
 */
export async function createCluster({ binaries, identity, home, data, password }) {
  const versionFile = join(data, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const major = readFileSync(versionFile, 'utf8').trim();
    if (major === binaries.major) return;
    throw new Fault(
      `${data} was written by PostgreSQL ${major}, this is ${binaries.major}: "npm start -- --fresh" starts over`,
    );
  }
  // Made beside and renamed when complete, so that an interrupted initdb is not taken for a database.
  const draft = join(home, 'postgres.new');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  identity.own(draft);
  const passwordFile = join(draft, '..', 'postgres.password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  identity.own(passwordFile);
  try {
    const args = [
      '-D',
      draft,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-sync',
    ];
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const initdb = identity.wrap(binaries.initdb, [...args, ...locale], [draft]);
    await run(initdb.command, initdb.args, { uid: initdb.uid, gid: initdb.gid, env: { ...process.env, LC_ALL: 'C' } });
    rmSync(data, { recursive: true, force: true });
    renameSync(draft, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
