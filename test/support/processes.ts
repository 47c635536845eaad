import { join } from 'node:path';
import * as swc from '@swc/core';
import { root, tools } from './tools.js';

/** Where test/processes is built to. */
export const PROCESSES = join(root, 'dist', 'test', 'processes');

/** Not part of the build: only tests start these. */
export async function buildProcesses(): Promise<void> {
  const { compile } = await tools();
  await compile({ name: 'processes', source: join(root, 'test', 'processes'), output: PROCESSES }, swc);
}
