import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Options } from '../command.js';
import { Fault } from '../fault.js';
import { App } from './app.js';
import type { Tokens } from './app.js';

/** Options of every command that talks to apps. */
export const ofApps = {
  app: {
    type: 'string',
    multiple: true,
    value: '<context>[=<url>]',
    about: 'only this app, at this address if given; may be repeated. Default: all of NESTBOX_APPS, or of "npm start"',
  },
} as const satisfies Options;

interface Addresses {
  readonly apps: Readonly<Record<string, string>>;
  readonly registry?: string;
}


/** The selected apps: from the options, else the environment, else the running shop. Never empty. */
export function findApps(chosen: readonly string[], env: NodeJS.ProcessEnv, folder = process.cwd()): readonly App[] {
  return among(({ apps }) => apps, chosen, env, folder);
}

/** Like `findApps`, plus the shop's registry, which has no events and so no admin routes. */
export function findAll(chosen: readonly string[], env: NodeJS.ProcessEnv, folder = process.cwd()): readonly App[] {
  return among(({ apps, registry }) => ({ ...apps, ...(registry ? { registry } : {}) }), chosen, env, folder);
}

function among(
  those: (addresses: Addresses) => Addresses['apps'],
  chosen: readonly string[],
  env: NodeJS.ProcessEnv,
  folder: string,
): readonly App[] {
  const home = homeOf(env, folder);
  const known = env.NESTBOX_APPS ? addressesIn(env.NESTBOX_APPS.split(',')) : those(read<Addresses>(home, 'shop.json') ?? { apps: {} });
  const tokens = tokensIn(env, home);
  const wanted = chosen.length > 0 ? addressesIn(chosen, known) : known;
  const apps = Object.entries(wanted).map(([name, url]) => new App(name, url, tokens));
  if (apps.length > 0) return apps;
  throw new Fault(
    'No shop is known here: run "npm start", or name its apps with --app <context>=<url> or NESTBOX_APPS',
  );
}

/** The schema registry: from the option, else the environment, else the running shop. */
export function findRegistry(
  given: string | undefined,
  env: NodeJS.ProcessEnv,
  folder = process.cwd(),
): { url: string; token?: string } {
  const home = homeOf(env, folder);
  const elsewhere = given ?? (env.SCHEMA_REGISTRY_URL?.trim() || undefined);
  const url = elsewhere ?? read<Addresses>(home, 'shop.json')?.registry;
  if (!url) throw new Fault('No registry is known here: run "npm start", or say --registry <url> or SCHEMA_REGISTRY_URL');
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new Fault('The registry must read http://[user:password@]host:port', 2);
  // The shop's token must not be sent to a foreign registry.
  return elsewhere ? { url } : { url, token: tokensIn(env, home).operator };
}

function addressesIn(entries: readonly string[], known: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [, name = '', given] = /^\s*([a-z][a-z0-9-]*)(?:=(\S+))?\s*$/.exec(entry) ?? [];
      const url = given ?? known[name];
      if (url && URL.canParse(url) && /^https?:/.test(url)) return [name, url.replace(/\/+$/, '')];
      const others = Object.keys(known);
      const cure =
        others.length > 0 ? `known are ${others.join(', ')}, others need <context>=<url>` : 'say <context>=<url>';
      throw new Fault(`"${entry}" is no app: ${cure}`, 2);
    }),
  );
}

/** The environment's token for everything, else the shop's own, one per role. */
function tokensIn(env: NodeJS.ProcessEnv, home: string | undefined): Tokens {
  const token = env.NESTBOX_TOKEN?.trim();
  return token ? { viewer: token, operator: token, admin: token } : (read<Tokens>(home, 'tokens.json') ?? {});
}

/** Reads a file from the home of `npm start`; undefined when there is none. */
function read<Content>(home: string | undefined, name: string): Content | undefined {
  const file = home && join(home, name);
  if (!file || !existsSync(file)) return undefined;
  const { uid, mode } = statSync(file);
  // Whoever may write it could have tokens sent to themselves.
  if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)) {
    throw new Fault(`${file} is not yours alone to write: remove it and run "npm start" anew, or set NESTBOX_APPS and NESTBOX_TOKEN`);
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Content;
  } catch (cause) {
    throw new Fault(`${file} cannot be read (${(cause as Error).message}): "npm start" writes it anew`, 1, { cause });
  }
}

function homeOf(env: NodeJS.ProcessEnv, folder: string): string | undefined {
  return env.NESTBOX_HOME ? resolve(env.NESTBOX_HOME) : nearestHome(folder);
}

/** The nearest .nestbox from the working directory upwards. */
function nearestHome(folder: string): string | undefined {
  const home = join(folder, '.nestbox');
  if (existsSync(home)) return home;
  return dirname(folder) === folder ? undefined : nearestHome(dirname(folder));
}
