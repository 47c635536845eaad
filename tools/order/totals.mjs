/**
 * Inventory and analytics speak of sums, not of single orders. An order counts as seen by them when the sum has grown
 * by it and by all that were placed before it in this run.
 * @param {import('./shop-client.mjs').ShopClient} shop
 */
export function totalsOf(shop) {
  /** @type {Map<string, number>} */
  const expected = new Map();
  /** @type {Map<string, Promise<number>>} */
  const asked = new Map();

  const read = (/** @type {string} */ name) => (name === 'orders' ? countOrders(shop) : reservedOf(shop, name));
  /** One question for all orders that ask at the same time. */
  const current = (/** @type {string} */ name) => {
    const running = asked.get(name);
    if (running) return running;
    const fresh = read(name).finally(() => asked.delete(name));
    asked.set(name, fresh);
    return fresh;
  };

  return {
    /** @param {string[]} skus */
    async begin(skus) {
      for (const name of ['orders', ...skus]) expected.set(name, await read(name));
    },
    /**
     * To be called in the order of placing.
     * @param {string} name sku, or "orders" @param {number} amount
     * @returns {() => Promise<boolean>} whether the sum has come that far
     */
    expect(name, amount) {
      const goal = (expected.get(name) ?? 0) + amount;
      expected.set(name, goal);
      return async () => (await current(name)) >= goal;
    },
  };
}

/** @param {import('./shop-client.mjs').ShopClient} shop */
async function countOrders(shop) {
  const periods = await shop.get('analytics', '/reports/revenue?by=hour');
  return periods.reduce((/** @type {number} */ sum, /** @type {{ orders: number }} */ { orders }) => sum + orders, 0);
}

/** @param {import('./shop-client.mjs').ShopClient} shop @param {string} sku */
async function reservedOf(shop, sku) {
  const { reserved, shipped } = await shop.get('inventory', `/products/${sku}`);
  return reserved + shipped;
}
