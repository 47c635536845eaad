import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Renamed into place: a process that starts during a build never reads half a file. Equal content wakes no watcher. */
export async function writeIfChanged(/** @type {string} */ file, /** @type {string | Buffer} */ content) {
  const present = await readFile(file).catch(() => undefined);
  if (present?.equals(Buffer.from(content))) return;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.draft-${process.pid}`;
  await writeFile(draft, content);
  await rename(draft, file);
}

/** @param {string} folder @returns {Promise<string[]>} */
export async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
