import { readApps } from './apps.mjs';
import { Fault } from './fault.mjs';

/** Distance from PORT_BASE of what is no app. */
export const offsetsOfTheHouse = Object.freeze({ smtp: 25, kafka: 92, kafkaController: 93, postgres: 432 });

/** Distance of every listener from PORT_BASE, so that several shops can run side by side. */
export function offsetsOf(apps = readApps()) {
  /** @type {Record<string, number>} */
  const offsets = { ...offsetsOfTheHouse };
  for (const { name, port } of apps) {
    const [other] = Object.entries(offsets).find(([, offset]) => offset === port) ?? [];
    if (other) throw new Fault(`apps/${name}/app.json takes port ${port}, which is that of ${other}: take another`);
    offsets[name] = port;
  }
  return offsets;
}

/**
 * @param {string | undefined} value PORT_BASE as given
 * @returns {number}
 */
export function portBase(value = process.env.PORT_BASE) {
  if (value === undefined || value === '') return 3000;
  const base = Number(value);
  const highest = Math.max(...Object.values(offsetsOf()));
  if (!Number.isInteger(base) || base < 1024 || base + highest > 65535) {
    throw new Fault(`PORT_BASE must be a whole number from 1024 to ${65535 - highest}, not "${value}"`);
  }
  return base;
}

/**
 * @param {number} base
 * @returns {Record<string, number>}
 */
export function portsFrom(base) {
  return Object.fromEntries(Object.entries(offsetsOf()).map(([name, offset]) => [name, base + offset]));
}
