import { copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';
import { plant } from './bugs.mjs';

/**
 * A copy of the repository to plant bugs in: every file that git knows or would take, as a hard link where that is possible.
 * @param {string} folder that does not exist yet
 */
export async function copyRepository(folder) {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: repository });
  for (const file of listed.split('\0').filter(Boolean)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    link(join(repository, file), join(folder, file));
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
}

/** @param {string} from @param {string} to */
function link(from, to) {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // Deleted, but not yet for git. Or on another disk.
    if (code === 'ENOENT') return;
    copyFileSync(from, to);
  }
}

/**
 * Plants a bug in a copy. The file is replaced, never written to: it is the repository's own as well.
 * @param {string} copy
 * @param {import('./bugs.mjs').Bug} bug
 * @returns {() => void} takes it out again
 */
export function plantIn(copy, bug) {
  const file = join(copy, bug.file);
  const sound = readFileSync(file, 'utf8');
  replace(file, plant(sound, bug));
  return () => replace(file, sound);
}

/** @param {string} file @param {string} text */
function replace(file, text) {
  rmSync(file);
  writeFileSync(file, text);
}
