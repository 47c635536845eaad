import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLocked, lockHome } from '../lock.mjs';
import { stopLeftovers } from '../processes.mjs';

const prefix = 'nestbox-test-';
const newForMs = 60_000;

/** A home for one run of the tests. Homes of runs that were killed are cleaned up on the way, processes included. */
export async function temporaryHome() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const abandoned = join(tmpdir(), name);
    if (isLocked(abandoned) || isNew(abandoned)) continue;
    for (const inside of [abandoned, ...foldersIn(abandoned)]) await stopLeftovers(inside);
    rmSync(abandoned, { recursive: true, force: true });
  }
  const home = mkdtempSync(join(tmpdir(), prefix));
  // As root, PostgreSQL runs as somebody else, who has to get in; what is secret in it has a mode of its own.
  chmodSync(home, 0o755);
  const release = lockHome(home, 0);
  return {
    home,
    remove() {
      release();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A home is made before it is locked: what has just appeared may belong to a run that is at that very point. */
function isNew(/** @type {string} */ home) {
  return Date.now() - (statSync(home, { throwIfNoEntry: false })?.mtimeMs ?? 0) < newForMs;
}

/** The shops that tests take in turns are in here, and a test of `npm start` has its shop's home in its own. */
function foldersIn(/** @type {string} */ home) {
  const folders = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(home, name));
}
