import { once } from 'node:events';
import { createServer } from 'node:net';
import { tools } from './tools.js';

const LOWEST = 20_000;
/** Files that are tested at the same time draw from ranges of their own: nobody starts on a port before it is looked at. */
const WORKERS = 2;
const SHARE = 10_000 / WORKERS;
const lowest = LOWEST + ((Number(process.env.JEST_WORKER_ID ?? 1) - 1) % WORKERS) * SHARE;

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
    const base = lowest + Math.floor(Math.random() * (SHARE - Math.max(...offsets)));
    const ports = offsets.map((offset) => base + offset);
    if (ports.some((port) => given.has(port))) continue;
    const answers = await Promise.all(ports.map(isFree));
    if (answers.includes(false)) continue;
    for (const port of ports) given.add(port);
    return base;
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
