import { rmSync } from 'node:fs';
import { join } from 'node:path';

const state = ['postgres', 'postgres.new', 'kafka', 'logs', 'run', 'mails.ndjson', 'passwords.json', 'tokens.json', 'app-tokens.json', 'shop.json'];

/** Removes what a shop writes, by name: NESTBOX_HOME may point at a folder that holds other things too. */
export function wipe(/** @type {string} */ home) {
  for (const name of state) rmSync(join(home, name), { recursive: true, force: true });
}
