import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './fault.mjs';
import { writeIn } from './home.mjs';
import { startTimeOf } from './process-identity.mjs';

/**
 * One shop per home. A lock whose owner has ended (killed, machine restarted) is taken over.
 * @param {string} home
 * @param {number} base PORT_BASE of this shop
 * @returns {() => void} releases it
 */
export function lockHome(home, base) {
  const lock = join(home, 'lock');
  const draft = `${lock}.${process.pid}`;
  writeIn(home, () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(draft, JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid), base }));
  });
  try {
    // A link appears complete or not at all, and never replaces another's.
    while (!link(draft, lock)) setAsideIfStale(lock, home);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (ownerOf(lock)?.pid === process.pid) rmSync(lock, { force: true });
  };
}

/** @param {string} home @returns {boolean} whether a living process holds it */
export function isLocked(home) {
  return isAlive(ownerOf(join(home, 'lock')));
}

/** @param {string} from @param {string} to */
function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} lock @param {string} home */
function setAsideIfStale(lock, home) {
  refuseIfOwned(ownerOf(lock), home);
  const aside = `${lock}.stale-${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  // Between the look and the rename somebody else may have taken over: then what was moved is theirs.
  const moved = ownerOf(aside);
  if (isAlive(moved)) link(aside, lock);
  rmSync(aside, { force: true });
  refuseIfOwned(moved, home);
}

/** @typedef {{ pid: number, startTime: string, base: number }} Owner */

/** @param {string} file @returns {Owner | undefined} */
function ownerOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Owner | undefined} owner */
function isAlive(owner) {
  return owner?.startTime !== undefined && startTimeOf(owner.pid) === owner.startTime;
}

/** @param {Owner | undefined} owner @param {string} home */
function refuseIfOwned(owner, home) {
  if (!isAlive(owner)) return;
  const { pid, base } = /** @type {Owner} */ (owner);
  throw new Fault(
    `A shop already runs in ${home} (pid ${pid}, PORT_BASE ${base}): stop it with "kill ${pid}", ` +
      `or run a second one with NESTBOX_HOME=${home}-2 PORT_BASE=${base + 1000}`,
  );
}
