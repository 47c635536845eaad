import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readApps } from '../apps.mjs';
import { Fault, report } from '../fault.mjs';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';
import { asText, handlerIds, lockedIds, lockOf, readLock } from './handlers.mjs';
import { staleTexts } from './texts.mjs';

const usage = 'usage: npm run generate [-- --check | --remove <handler id>]';

/**
 * Writes what follows from the code and from apps/<app>/app.json; with --check it writes nothing and fails where something
 * is not as it would be written.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function main(args) {
  try {
    const { check, remove } = readArguments(args);
    const apps = readApps();
    const texts = staleTexts(apps);
    if (!check) write(texts);
    await runQuietly('tools/build.mjs', '--quiet');
    const locks = await staleLocks(apps.map(({ name }) => name), remove);
    if (check) return tell([...texts.keys(), ...locks.keys()]);
    write(locks);
    await runQuietly('libs/cli/bin/nestbox.mjs', 'contracts', 'catalogue');
    return 0;
  } catch (error) {
    return report(error);
  }
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    return parseArgs({
      args,
      options: {
        check: { type: 'boolean', default: false },
        remove: { type: 'string', multiple: true, default: [] },
      },
    }).values;
  } catch (error) {
    throw new Fault(`${/** @type {Error} */ (error).message}; ${usage}`, 2);
  }
}

/** @param {string[]} apps @param {string[]} removed @returns {Promise<Map<string, string>>} */
async function staleLocks(apps, removed) {
  // Several apps in one process: TypeORM's module remarks on that, though none of them is started.
  const { Logger } = await import('@nestjs/common');
  Logger.overrideLogger(false);
  /** @type {Map<string, string>} */
  const stale = new Map();
  for (const app of apps) {
    const locked = readLock(app);
    const wanted = lockedIds({ app, locked, present: await handlerIds(app), removed });
    if (asText(wanted) !== asText(locked)) stale.set(lockOf(app), asText(wanted));
  }
  return stale;
}

/** @param {Map<string, string>} texts */
function write(texts) {
  for (const [path, text] of texts) {
    writeFileSync(join(repository, path), text);
    console.log(path);
  }
}

/** @param {string[]} paths @returns {number} exit code */
function tell(paths) {
  if (paths.length === 0) return 0;
  process.stderr.write(`Not as the code has it: ${paths.join(', ')}. Run "npm run generate".\n`);
  return 1;
}

/** @param {string} script @param {...string} args */
async function runQuietly(script, ...args) {
  await run(process.execPath, [join(repository, script), ...args], { cwd: repository });
}
