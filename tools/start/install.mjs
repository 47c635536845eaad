import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';

/** @returns {boolean} whether node_modules is missing or older than the lock file that it should follow */
export function installIsStale() {
  const installed = join(repository, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return true;
  return statSync(installed).mtimeMs < statSync(join(repository, 'package-lock.json')).mtimeMs;
}

/** @param {AbortSignal} signal @param {string} [folder] */
export async function install(signal, folder = repository) {
  // Under `npm start` this is the very npm that was called, even where no "npm" is on the path.
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  try {
    // npm start sets NODE_ENV nowhere, but a shell may: the compiler is a development dependency.
    const env = { ...process.env, NODE_ENV: 'development' };
    // Without --prefix npm goes to a package.json above whose "workspaces" take this folder in.
    const words = [...args, 'ci', '--prefix', folder, '--include=dev', '--no-audit', '--no-fund'];
    await run(command, words, { cwd: folder, env, signal });
  } catch (error) {
    signal.throwIfAborted();
    const lines = /** @type {Error} */ (error).message
      .split('\n')
      .filter((line) => /npm error(?! A complete log)/.test(line));
    throw new Fault(`"npm ci" failed: ${lines.slice(0, 4).join(' ') || /** @type {Error} */ (error).message}`);
  }
}
