import { join } from 'node:path';
import { repository } from '../home.mjs';
import { compile } from './compile.mjs';

const output = join(repository, 'dist', 'test');

/**
 * Compiles what commands run that are made of the tests' own parts; jest reads their sources itself.
 * @returns {Promise<string>} the folder
 */
export async function compileTests() {
  await compile({ name: 'tests', source: join(repository, 'test'), output }, await import('@swc/core'));
  return output;
}
