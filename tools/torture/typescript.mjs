import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const { exclude: _exclude, $schema: _schema, ...options } = JSON.parse(readFileSync(new URL('../../.swcrc', import.meta.url), 'utf8'));

/**
 * Sources name each other by what they are built to.
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, next) {
  const isOurs = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
  if (!isOurs || !specifier.endsWith('.js')) return next(specifier, context);
  const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
  return next(existsSync(source) ? source.href : specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const settings = { ...options, swcrc: false, filename, sourceMaps: /** @type {const} */ ('inline') };
  const { code } = await transform(await readFile(filename, 'utf8'), settings);
  return { format: 'module', source: code, shortCircuit: true };
}
