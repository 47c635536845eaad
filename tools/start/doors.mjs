import { readApps } from '../apps.mjs';
import { keep, secretIn } from '../home.mjs';

const names = ['NESTBOX_ADMIN_TOKEN', 'NESTBOX_OPERATOR_TOKEN', 'NESTBOX_VIEWER_TOKEN'];

/**
 * What opens the /admin doors of the apps: the tokens of the environment if it has any, else made up once per home.
 * @param {string} home
 * @returns {Record<string, string>} by variable
 */
export function tokensOf(home) {
  const given = givenTokens();
  if (Object.keys(given).length > 0) return given;
  return Object.fromEntries(names.map((name) => [name, secretIn(home, 'tokens.json', name)]));
}

/** @returns {Record<string, string>} */
function givenTokens() {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/**
 * Tells `npx nestbox` where the apps are.
 * @param {{ home: string, ports: Record<string, number>, contexts: string[] }} shop
 */
export function writeAddresses({ home, ports, contexts }) {
  const at = (/** @type {string} */ app) => `http://127.0.0.1:${ports[app]}`;
  // An app without events has none of the doors that commands for all apps knock at.
  const silent = new Set(readApps().flatMap(({ name, events }) => (events ? [] : [name])));
  const apps = Object.fromEntries(contexts.filter((app) => !silent.has(app)).map((app) => [app, at(app)]));
  keep(home, 'shop.json', { apps, registry: at('registry') });
}

/** @param {string} home @returns {string} lines for the summary */
export function aboutTokens(home) {
  if (Object.keys(givenTokens()).length > 0) return 'Operators: npx nestbox --help, with the tokens of this environment.';
  const lines = Object.entries(tokensOf(home)).map(([name, token]) => `  ${name}=${token}`);
  return `Operators: npx nestbox --help; it finds these tokens for /admin by itself, others send them as bearer:\n${lines.join('\n')}`;
}
