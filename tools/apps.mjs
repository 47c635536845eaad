import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './fault.mjs';
import { repository } from './home.mjs';

/**
 * What `apps/<app>/app.json` says. `port`: distance from PORT_BASE. `about`: what one can ask it, for the summary of
 * `npm start`. `events`: false where it has none. `compose`: variables that docker compose sets for it alone.
 * @typedef {{ name: string, port: number, about: string, events: boolean, compose: Record<string, string> }} App
 */

const shape = '{ "port": <distance from PORT_BASE>, "about": "<what one can ask it>" }';

/**
 * Throws a Fault that says what to write where an app.json is missing or makes no sense.
 * @returns {App[]} every app that has a main.ts, in the order of their ports
 */
export function readApps(folder = join(repository, 'apps')) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const apps = names.filter((name) => existsSync(join(folder, name, 'src', 'main.ts'))).map((name) => readApp(folder, name));
  return apps.sort((a, b) => a.port - b.port);
}

/** @param {string} folder @param {string} name @returns {App} */
function readApp(folder, name) {
  const file = join(folder, name, 'app.json');
  if (!existsSync(file)) throw new Fault(`apps/${name}/app.json is missing: write ${shape}`);
  const { port, about = '', events = true, compose = {}, ...others } = parse(readFileSync(file, 'utf8'), name);
  if (!Number.isInteger(port) || port < 1) throw new Fault(`apps/${name}/app.json has no port: write ${shape}`);
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new Fault(`apps/${name}/app.json says "${unknown[0]}", which nobody reads: it knows port, about, events and compose`);
  return { name, port, about, events, compose };
}

/** @param {string} text @param {string} name */
function parse(text, name) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault(`apps/${name}/app.json is no JSON: ${/** @type {Error} */ (error).message}`);
  }
}
