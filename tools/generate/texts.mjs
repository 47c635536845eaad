import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';
import { offsetsOf, offsetsOfTheHouse } from '../ports.mjs';

/** @typedef {import('../apps.mjs').App} App */

const DEFAULT_PORT_BASE = 3000;

/**
 * Every file that repeats what apps/<app>/app.json says, and how it is written.
 * @type {Record<string, (text: string, apps: App[]) => string | undefined>} by path: the file as it is, to the file as it should be
 */
const files = {
  'libs/platform/src/config/ports.ts': (_text, apps) => ports(apps),
  'nest-cli.json': (text, apps) => between(text, /("projects": \{\n)[^]*?(\n {2}\}\n\})/, projects(apps).join(',\n')),
  'docker-compose.yml': (text, apps) => between(text, marked, apps.map(service).join('\n')),
  'prometheus/prometheus.yml': (text, apps) => between(text, marked, apps.filter(({ events }) => events).map(target).join('')),
};

const marked = /(# Begin of what "npm run generate" writes[^\n]*\n)[^]*?( *# End of it\.\n)/;

/** @param {App[]} apps @returns {Map<string, string>} by path, what is not as it should be */
export function staleTexts(apps) {
  const entries = Object.entries(files).map(([path, rewrite]) => {
    const text = readFileSync(join(repository, path), 'utf8');
    const wanted = rewrite(text, apps);
    if (wanted === undefined) throw new Fault(`${path} has lost the lines between which the apps stand: take them back from git`);
    return { path, text, wanted };
  });
  return new Map(entries.flatMap(({ path, text, wanted }) => (wanted === text ? [] : [[path, wanted]])));
}

/** @param {string} text @param {RegExp} place @param {string} content @returns {string | undefined} */
function between(text, place, content) {
  return !place.test(text) ? undefined : text.replace(place, (_all, before, after) => `${before}${content}${after}`);
}

/** @param {App[]} apps */
function ports(apps) {
  const offsets = offsetsOf(apps);
  const lines = apps.map(({ name }) => `  ${quoted(name)}: ${offsets[name]},\n`).join('');
  const silent = apps.flatMap(({ name, events }) => (events ? [] : [`'${name}'`])).join(', ');
  return `// Written by "npm run generate", from apps/<app>/app.json.

/** Distance of each app's port from PORT_BASE, so that several shops can run side by side. */
export const portOffsets: Readonly<Record<string, number>> = {
${lines}};

/** Apps that neither publish nor consume, and so hold no personal data. */
export const withoutEvents: readonly string[] = [${silent}];

/** Where \`npm start\` puts the SMTP catcher. */
export const smtpOffset = ${offsetsOfTheHouse.smtp};
`;
}

const quoted = (/** @type {string} */ name) => (/^\w+$/.test(name) ? name : `'${name}'`);

/** @param {App[]} apps */
function projects(apps) {
  const libs = readdirSync(join(repository, 'libs')).filter((lib) => existsSync(join(repository, 'libs', lib, 'src')));
  return [
    ...apps.map(({ name }) => project('application', `apps/${name}`, 'main')),
    ...libs.map((lib) => project('library', `libs/${lib}`, existsSync(join(repository, 'libs', lib, 'src/index.ts')) ? 'index' : 'main')),
  ];
}

/** @param {'application' | 'library'} type @param {string} root @param {string} entryFile */
function project(type, root, entryFile) {
  const name = root.split('/')[1];
  return `    "${name}": { "type": "${type}", "root": "${root}", "entryFile": "${entryFile}", "sourceRoot": "${root}/src" }`;
}

/** @param {App} app */
function service({ name, port, events, compose }) {
  const listens = DEFAULT_PORT_BASE + port;
  const database = (/** @type {string} */ called) => `postgres://${name}:\${POSTGRES_PASSWORD:-nestbox}@postgres:5432/${called}`;
  const own = Object.entries(compose).map(([variable, value]) => `      ${variable}: '${value.replaceAll("'", "''")}'\n`);
  return `  ${name}:
    <<: *app
    command: ['node', 'dist/apps/${name}/main.js']
    ports: ['127.0.0.1:${listens}:${listens}']
    environment:
      <<: *environment
      PORT: ${listens}
      DATABASE_URL: ${database(name)}
${events ? `      SUBJECT_KEYS_URL: ${database('keys')}\n` : ''}${own.join('')}`;
}

/** @param {App} app */
function target({ name, port }) {
  return `          - ${name}:${DEFAULT_PORT_BASE + port}\n`;
}
