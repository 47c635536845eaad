import { createServer } from 'node:net';
import { Fault } from '../fault.mjs';
import { offsetsOf } from '../ports.mjs';
import { listenerOn } from './port-owner.mjs';

const purposes = /** @type {Record<string, string>} */ ({
  smtp: 'the mail catcher',
  kafka: 'Kafka',
  kafkaController: "Kafka's controller",
  postgres: 'PostgreSQL',
});

/**
 * @param {number} base
 * @param {string[]} names whose ports must be free
 */
export async function requireFreePorts(base, names) {
  const taken = [];
  for (const name of names) if (!(await isFree(portOf(base, name)))) taken.push(name);
  const [first, ...others] = taken;
  if (first === undefined) return;
  const port = portOf(base, first);
  const owner = listenerOn(port);
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new Fault(
    `Port ${port} for ${purposes[first] ?? first}${more} is taken${owner ? ` by ${owner}` : ''}: ` +
      `stop that, or move the shop: PORT_BASE=${await freeBase(base, names)} npm start`,
  );
}

/** @param {number} base @param {string} name */
function portOf(base, name) {
  return base + (offsetsOf()[name] ?? 0);
}

/** @param {number} base @param {string[]} names */
async function freeBase(base, names) {
  for (let candidate = base + 1000; candidate < 60_000; candidate += 1000) {
    const free = await Promise.all(names.map((name) => isFree(portOf(candidate, name))));
    if (!free.includes(false)) return candidate;
  }
  return 4000;
}

/** Both addresses: a listener on all interfaces need not collide with one on the loopback on every system. */
export async function isFree(/** @type {number} */ port) {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

/** @param {number} port @param {string} host @returns {Promise<boolean>} */
function canListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
