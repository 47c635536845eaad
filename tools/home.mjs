import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from './fault.mjs';

export const repository = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Where the state of one shop lives; a relative NESTBOX_HOME counts from the working directory. */
export function nestboxHome(value = process.env.NESTBOX_HOME) {
  return value ? resolve(value) : join(repository, '.nestbox');
}

/**
 * Does what writes into a home.
 * @template T
 * @param {string} home
 * @param {() => T} work
 * @returns {T}
 * @throws a Fault if the system does not let it
 */
export function writeIn(home, work) {
  try {
    return work();
  } catch (error) {
    const { code, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!syscall) throw error;
    throw new Fault(`${home} cannot be written (${code}): set NESTBOX_HOME to a folder that this user can write`);
  }
}

/** @param {string} home @param {string} name @returns {string} file whose folder exists */
export function logFile(home, name) {
  writeIn(home, () => mkdirSync(join(home, 'logs'), { recursive: true }));
  return join(home, 'logs', `${name}.log`);
}

/**
 * The password of a database role: made once, then kept readable by the owner only.
 * @param {string} home
 * @param {string} role
 */
export function passwordOf(home, role) {
  return secretIn(home, 'passwords.json', role);
}

/**
 * @param {string} home
 * @param {string} name of the file
 * @param {string} key
 */
export function secretIn(home, name, key) {
  const file = join(home, name);
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (known[key]) return /** @type {string} */ (known[key]);
  const secret = randomBytes(18).toString('base64url');
  keep(home, name, { ...known, [key]: secret });
  return secret;
}

/**
 * Writes a file that only its owner can read; a reader sees the old content or the new.
 * @param {string} home
 * @param {string} name
 * @param {object} content
 */
export function keep(home, name, content) {
  const draft = join(home, `${name}.${process.pid}`);
  writeIn(home, () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(draft, JSON.stringify(content, null, 2), { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, join(home, name));
  });
}
