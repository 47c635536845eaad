import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';
import { offsets } from '../ports.mjs';

/** @typedef {Exclude<keyof typeof offsets, 'smtp' | 'kafka' | 'kafkaController' | 'postgres'>} AppName */

/** @returns {AppName[]} every app that has a main.ts, in the order of their ports */
export function appsOfTheHouse() {
  const folder = join(repository, 'apps');
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'src', 'main.ts')))
    : [];
  for (const name of names) {
    if (!(name in offsets)) throw new Fault(`apps/${name} has no port: give it an offset in tools/ports.mjs`);
  }
  const known = /** @type {AppName[]} */ (names);
  return known.sort((a, b) => offsets[a] - offsets[b]);
}

/** @param {string} app */
export function entryOf(app) {
  return join(repository, 'dist', 'apps', app, 'main.js');
}
