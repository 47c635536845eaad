import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from '../process-identity.mjs';

/**
 * Ends the shops that files of tests have handed on to each other (test/support/shared-shop.ts), whoever has started what
 * of them: at once and without a word, since nothing of them is kept.
 * @param {string} home of the run
 */
export function endShops(home) {
  const names = entriesOf(home).filter((name) => name.startsWith('shop-'));
  for (const folder of names.map((name) => join(home, name, 'run'))) {
    for (const file of entriesOf(folder)) end(join(folder, file));
  }
}

/** @param {string} folder @returns {string[]} */
function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} file a pid and its start time, as tools/processes.mjs writes them */
function end(file) {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(file, 'utf8'));
    if (startTime !== undefined && startTimeOf(pid) === startTime) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
