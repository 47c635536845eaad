import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';

/**
 * The inbox remembers under a handler's id what it has handled: under another id everything would be handled again. So
 * every id that there ever was is kept in its app's handlers.lock.json; new ones are added, none is ever taken out unasked.
 */
export const lockOf = (/** @type {string} */ app) => `apps/${app}/handlers.lock.json`;

/**
 * @param {{ app: string, locked: readonly string[], present: readonly string[], removed?: readonly string[] }} ids
 * @returns {string[]} what the lock has to say; throws a Fault where an id has gone
 */
export function lockedIds({ app, locked, present, removed = [] }) {
  const gone = locked.filter((id) => !present.includes(id) && !removed.includes(id));
  if (gone.length > 0) {
    throw new Fault(
      `${lockOf(app)}: no handler is called ${gone.join(' or ')} any more. Under a new id everything would be handled again: ` +
        `give back the old one or, if the handler is really gone, run "npm run generate -- ${gone.map((id) => `--remove ${id}`).join(' ')}"`,
    );
  }
  return [...present].sort();
}

/** @param {string} app @returns {string[]} */
export function readLock(app) {
  const file = join(repository, lockOf(app));
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** @param {string[]} ids */
export const asText = (ids) => `${JSON.stringify(ids, null, 2)}\n`;

/**
 * The ids in an app as it was built.
 * @param {string} app
 * @returns {Promise<string[]>}
 */
export async function handlerIds(app) {
  const { handlerMarksOn, partsOfModule, sagaMarkOn } = await import('@nestbox/kernel');
  const file = join(repository, 'dist', 'apps', app, `${app}.module.js`);
  const modules = Object.values(await import(pathToFileURL(file).href)).filter((one) => typeof one === 'function');
  const ids = modules.flatMap(partsOfModule).flatMap((part) => {
    const marks = handlerMarksOn(part).map(({ mark }) => /** @type {{ id: string }} */ (mark).id);
    const saga = /** @type {{ id: string } | undefined} */ (sagaMarkOn(part));
    return saga ? [...marks, saga.id] : marks;
  });
  return [...new Set(ids)];
}
