import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 30_000;

/**
 * @typedef {{ order: import('./place.mjs').PlacedOrder, reactions: { who: string, afterMs: number }[],
 *   missing: string[] }} Story
 */

/**
 * Watches the services until each has reacted to the order.
 * @param {import('./place.mjs').PlacedOrder} order
 * @param {Record<string, () => Promise<boolean>>} hasReacted
 * @param {AbortSignal} signal
 * @returns {Promise<Story>}
 */
export async function follow(order, hasReacted, signal) {
  /** @type {Story['reactions']} */
  const reactions = [];
  const deadline = order.placedAt + patienceMs;
  await Promise.all(
    Object.entries(hasReacted).map(async ([who, reacted]) => {
      for (let wait = 25; performance.now() < deadline && !signal.aborted; wait = Math.min(500, wait * 1.3)) {
        if (await reacted().catch(() => false)) {
          reactions.push({ who, afterMs: performance.now() - order.placedAt });
          return;
        }
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }),
  );
  const seen = new Set(reactions.map(({ who }) => who));
  return { order, reactions, missing: Object.keys(hasReacted).filter((who) => !seen.has(who)) };
}

/** @param {Story} story @returns {string} one line */
export function tell({ order, reactions, missing }) {
  const { number, orderId, quantity, sku, totalCents, placedInMs } = order;
  const what = `${quantity} × ${sku}`.padEnd(13);
  const total = (totalCents / 100).toFixed(2).padStart(7);
  const steps = [`placed in ${ms(placedInMs)}`, ...reactions.map(({ who, afterMs }) => `${who} +${ms(afterMs)}`)];
  const complaint = missing.length > 0 ? `  NOTHING FROM ${missing.join(', ')}` : '';
  return `${String(number).padStart(4)}  ${orderId}  ${what} ${total}  ${steps.join(' → ')}${complaint}`;
}

/** @param {number} value */
export function ms(value) {
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}
