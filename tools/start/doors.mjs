import { createHash } from 'node:crypto';
import { readApps } from '../apps.mjs';
import { keep, secretIn } from '../home.mjs';

const roles = ['viewer', 'operator', 'admin'];

/**
 * The tokens of this shop's operators by role, made once per home; undefined where the environment brings its own operators.
 * @param {string} home
 * @returns {Record<string, string> | undefined}
 */
export function tokensOf(home) {
  if (process.env.NESTBOX_OPERATORS) return undefined;
  return Object.fromEntries(roles.map((role) => [role, secretIn(home, 'tokens.json', role)]));
}

/**
 * The token that an app shows to other apps.
 * @param {string} home @param {string} app
 */
export function tokenOfApp(home, app) {
  return secretIn(home, 'app-tokens.json', app);
}

/**
 * What the apps are told of who may call them: the operators of the environment, else this shop's own, and every app.
 * @param {string} home
 * @returns {string}
 */
export function operatorsOf(home) {
  const people = Object.entries(tokensOf(home) ?? {}).map(([role, token]) => entry(role, role, token));
  const apps = readApps().map(({ name }) => entry(name, 'service', tokenOfApp(home, name)));
  return [process.env.NESTBOX_OPERATORS, ...people, ...apps].filter(Boolean).join();
}

/** @param {string} name @param {string} role @param {string} token */
function entry(name, role, token) {
  return `${name}:${role}:${createHash('sha256').update(token).digest('hex')}`;
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
  const tokens = tokensOf(home);
  if (!tokens) return 'Operators: npx nestbox --help, with NESTBOX_TOKEN set to the token of one of this environment’s operators.';
  const lines = Object.entries(tokens).map(([role, token]) => `  ${role.padEnd(8)}  ${token}`);
  return `Operators: npx nestbox --help; it finds these tokens by itself, others send them as bearer:\n${lines.join('\n')}`;
}
