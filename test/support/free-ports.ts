import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { tools } from './tools.js';

const LOWEST = 20_000;
const HIGHEST = 30_000;
/** Nobody starts on a port before it is looked at: files that are tested at the same time must not find the same one free. */
const claims = process.env.NESTBOX_TEST_HOME && join(process.env.NESTBOX_TEST_HOME, 'ports');
const given = new Set<number>();

/**
 * Ports for processes that are to come back on them. Below the range that systems give to outgoing connections: a port
 * out of that range may be somebody's by the time its process is started again.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) found.push(await free([0]));
  return found;
}

/** A PORT_BASE at which every listener of a whole shop finds its port free. */
export async function freePortBase(): Promise<number> {
  return free(Object.values((await tools()).offsetsOf()));
}

/** @returns what to add to each offset for ports that nobody has, given to nobody else */
async function free(offsets: readonly number[]): Promise<number> {
  for (;;) {
    const base = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - Math.max(...offsets)));
    const ports = offsets.map((offset) => base + offset);
    if (!ports.every(claim)) continue;
    const answers = await Promise.all(ports.map(isFree));
    if (!answers.includes(false)) return base;
  }
}

/** @returns whether nobody of this run has it; from then on this file does */
function claim(port: number): boolean {
  if (given.has(port)) return false;
  given.add(port);
  if (!claims) return true;
  mkdirSync(claims, { recursive: true });
  try {
    writeFileSync(join(claims, String(port)), '', { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
