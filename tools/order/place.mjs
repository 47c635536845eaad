import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from './shop-client.mjs';

const priceTravelsMs = 20_000;

/**
 * @typedef {{ number: number, orderId: string, sku: string, quantity: number, totalCents: number, placedAt: number,
 *   placedInMs: number }} PlacedOrder
 */

/**
 * @param {import('./shop-client.mjs').ShopClient} shop
 * @param {number} number
 * @param {{ product: import('./shelf.mjs').Product, quantity: number }} choice
 * @returns {Promise<PlacedOrder>}
 */
export async function placeOrder(shop, number, { product, quantity }) {
  const { sku } = product;
  const started = performance.now();
  const order = { userId: `customer-${number}`, email: `customer-${number}@example.com`, lines: [{ sku, quantity }] };
  for (;;) {
    try {
      const { orderId, totalCents } = await shop.post('checkout', '/orders', order, randomUUID());
      const placedAt = performance.now();
      return { number, orderId, sku, quantity, totalCents, placedAt, placedInMs: placedAt - started };
    } catch (error) {
      // A product listed a moment ago: its price is still on its way from inventory to checkout.
      const onItsWay =
        error instanceof Refusal && error.code === 'UNKNOWN_SKU' && performance.now() - started < priceTravelsMs;
      if (!onItsWay) throw error;
      await pause(100);
    }
  }
}
