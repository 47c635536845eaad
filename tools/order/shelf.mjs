import { Refusal } from './shop-client.mjs';

const products = [
  { sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 },
  { sku: 'mug-red', name: 'Red mug', priceCents: 1290 },
  { sku: 'tea-green', name: 'Green tea, 100 g', priceCents: 690 },
  { sku: 'pot-iron', name: 'Iron teapot', priceCents: 5900 },
  { sku: 'spoon-oak', name: 'Oak spoon', priceCents: 340 },
];

/** @typedef {typeof products[number]} Product */

const perOrder = 3;

/**
 * Puts enough on the shelf for all orders, without taking anything away from what is there.
 * @param {import('./shop-client.mjs').ShopClient} shop
 * @param {number} orders
 * @returns {Promise<Product[]>}
 */
export async function fillShelf(shop, orders) {
  for (const { sku, name, priceCents } of products) {
    const path = `/products/${sku}`;
    const known = await shop.get('inventory', path).catch((error) => {
      if (error instanceof Refusal) return { onHand: 0, reserved: 0 };
      throw error;
    });
    const missing = known.reserved + orders * perOrder - known.onHand;
    if (missing > 0) await shop.put('inventory', path, { name, priceCents, onHand: known.onHand + missing + 100 });
  }
  return products;
}

/**
 * @param {Product[]} shelf
 * @param {number} number
 * @returns {{ product: Product, quantity: number }} what order n asks for
 */
export function choice(shelf, number) {
  return { product: /** @type {Product} */ (shelf[number % shelf.length]), quantity: 1 + (number % perOrder) };
}
