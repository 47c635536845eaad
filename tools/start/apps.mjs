import { join } from 'node:path';
import { readApps } from '../apps.mjs';
import { repository } from '../home.mjs';

/** @returns {string[]} every app that has a main.ts, in the order of their ports */
export function appsOfTheHouse() {
  return readApps().map(({ name }) => name);
}

/** @param {string} app */
export function entryOf(app) {
  return join(repository, 'dist', 'apps', app, 'main.js');
}
