import { Fault } from './fault.mjs';

/** Distance of every listener from PORT_BASE, so that several shops can run side by side. */
export const offsets = Object.freeze({
  ops: 0,
  checkout: 1,
  inventory: 2,
  payments: 3,
  shipping: 4,
  fulfilment: 5,
  email: 6,
  analytics: 7,
  search: 8,
  registry: 9,
  smtp: 25,
  kafka: 92,
  kafkaController: 93,
  postgres: 432,
});

const highestOffset = Math.max(...Object.values(offsets));

/**
 * @param {string | undefined} value PORT_BASE as given
 * @returns {number}
 */
export function portBase(value = process.env.PORT_BASE) {
  if (value === undefined || value === '') return 3000;
  const base = Number(value);
  if (!Number.isInteger(base) || base < 1024 || base + highestOffset > 65535) {
    throw new Fault(`PORT_BASE must be a whole number from 1024 to ${65535 - highestOffset}, not "${value}"`);
  }
  return base;
}

/**
 * @param {number} base
 * @returns {Record<keyof typeof offsets, number>}
 */
export function portsFrom(base) {
  return /** @type {any} */ (
    Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, base + offset]))
  );
}
