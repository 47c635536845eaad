import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Where the state of one shop lives; a relative NESTBOX_HOME counts from the working directory. */
export function nestboxHome(value = process.env.NESTBOX_HOME) {
  return value ? resolve(value) : join(repository, '.nestbox');
}

/** @param {string} home @param {string} name @returns {string} file whose folder exists */
export function logFile(home, name) {
  mkdirSync(join(home, 'logs'), { recursive: true });
  return join(home, 'logs', `${name}.log`);
}

/**
 * The password of a database role: made once, then kept readable by the owner only.
 * @param {string} home
 * @param {string} role
 */
export function passwordOf(home, role) {
  const file = join(home, 'passwords.json');
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (known[role]) return /** @type {string} */ (known[role]);
  const password = randomBytes(18).toString('base64url');
  mkdirSync(home, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ ...known, [role]: password }, null, 2), { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  return password;
}
