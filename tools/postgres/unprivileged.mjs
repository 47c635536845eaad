import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../fault.mjs';

/**
 * PostgreSQL refuses to run as root, so as root it runs as an unprivileged user that owns nothing but its data.
 * @typedef {{ uid?: number, gid?: number,
 *   wrap(command: string, args: string[], paths: string[]):
 *     { command: string, args: string[], uid?: number, gid?: number },
 *   own(path: string): void }} Identity
 * @returns {Identity}
 */
export function postgresIdentity() {
  if (process.getuid?.() !== 0) return { wrap: (command, args) => ({ command, args }), own: () => undefined };
  const { uid, gid } = unprivilegedUser();
  return {
    uid,
    gid,
    own: (path) => chownSync(path, uid, gid),
    wrap: (command, args, paths) =>
      [command, ...paths].every((path) => canReach(dirname(path), uid, gid))
        ? { command, args, uid, gid }
        : throughClosedFolders(command, args, uid, gid),
  };
}

/** No user is created: either the machine has one for PostgreSQL, or `nobody` does. */
function unprivilegedUser() {
  for (const name of ['postgres', 'nobody']) {
    const id = (/** @type {string} */ flag) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    try {
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  }
  throw new Fault('PostgreSQL does not run as root and there is no user "postgres" or "nobody": run as another user');
}

/** @param {string} folder @param {number} uid @param {number} gid @returns {boolean} */
function canReach(folder, uid, gid) {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  return folder === dirname(folder) || canReach(dirname(folder), uid, gid);
}

/**
 * A clone under /root (mode 0700) is out of the unprivileged user's reach. One capability lets the server walk
 * through closed folders; it still is not root, and its data still must belong to it.
 * @param {string} command @param {string[]} args @param {number} uid @param {number} gid
 */
function throughClosedFolders(command, args, uid, gid) {
  const grants = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    // Without it the kernel forgets the capability in access(2), by which initdb looks for its programs.
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  if (spawnSync('setpriv', [...grants, command, '--version'], { stdio: 'ignore' }).status !== 0) {
    throw new Fault(
      `PostgreSQL does not run as root, and user ${uid} may not enter ${dirname(command)}: ` +
        'run as another user, or clone into a folder that everybody may enter (and leave NESTBOX_HOME there)',
    );
  }
  return { command: 'setpriv', args: [...grants, command, ...args] };
}
