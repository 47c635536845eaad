import { setTimeout as pause } from 'node:timers/promises';
import { Fault, report } from '../fault.mjs';
import { nestboxHome } from '../home.mjs';
import { portBase, portsFrom } from '../ports.mjs';
import { Progress } from '../progress.mjs';
import { tokensOf } from '../start/doors.mjs';
import { interruption } from '../start/interruption.mjs';
import { help, readOptions } from './options.mjs';
import { placeOrder } from './place.mjs';
import { choice, fillShelf } from './shelf.mjs';
import { shopClient } from './shop-client.mjs';
import { follow, ms, tell } from './story.mjs';
import { totalsOf } from './totals.mjs';

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code: 0 only if every order was placed and every service has reacted
 */
export async function main(args) {
  try {
    const { count, rate, helpWanted } = readOptions(args);
    if (helpWanted) {
      process.stdout.write(help);
      return 0;
    }
    return await play(count, rate);
  } catch (error) {
    return report(error);
  }
}

/** Fills the shelf and looks at what each app has done: the environment's token, else the one of the shop in this folder. */
function operatorToken() {
  const token = process.env.NESTBOX_TOKEN ?? tokensOf(nestboxHome())?.operator;
  if (!token) throw new Fault('Set NESTBOX_TOKEN to the token of an operator of NESTBOX_OPERATORS');
  return token;
}

/** @param {number} count @param {number} rate */
async function play(count, rate) {
  const progress = new Progress(process.stdout);
  const signal = interruption({ onFirst: () => undefined, onSecond: () => undefined });
  const shop = shopClient(portsFrom(portBase()), operatorToken(), signal);
  /** @type {{ stories: import('./story.mjs').Story[], refused: string[], placed: number }} */
  const result = { stories: [], refused: [], placed: 0 };
  try {
    await shop.requireOpen();
    const shelf = await progress.step('filling the shelf', () => fillShelf(shop, count));
    await progress.step(`${count} orders`, (say) =>
      placeAll({ count, rate, shop, shelf, signal, result, say, line: progress.line }),
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.end();
  }
  process.stdout.write(`${conclusion(count, result)}\n`);
  if (signal.aborted) return 130;
  return complete(result).length === count ? 0 : 1;
}

/**
 * @param {{ count: number, rate: number, shop: import('./shop-client.mjs').ShopClient,
 *   shelf: import('./shelf.mjs').Product[], signal: AbortSignal, say: (detail: string) => void,
 *   line: (text: string) => void,
 *   result: { stories: import('./story.mjs').Story[], refused: string[], placed: number } }} game
 */
async function placeAll({ count, rate, shop, shelf, signal, result, say, line }) {
  const totals = totalsOf(shop);
  await totals.begin(shelf.map(({ sku }) => sku));
  const one = async (/** @type {number} */ number) => {
    const order = await placeOrder(shop, number, choice(shelf, number));
    result.placed += 1;
    const story = await follow(order, reactionsTo(order, shop, totals), signal);
    if (signal.aborted) return;
    result.stories.push(story);
    line(tell(story));
  };
  const began = performance.now();
  const running = [];
  for (let number = 1; number <= count && !signal.aborted; number += 1) {
    await pause(Math.max(0, began + ((number - 1) * 1000) / rate - performance.now()), undefined, { signal });
    running.push(
      one(number)
        .catch((error) => {
          if (!signal.aborted) result.refused.push(`order ${number}: ${error.message}`);
        })
        .finally(() => say(`${result.placed} placed, ${complete(result).length} complete`)),
    );
  }
  await Promise.all(running);
}

/**
 * @param {import('./place.mjs').PlacedOrder} order
 * @param {import('./shop-client.mjs').ShopClient} shop
 * @param {ReturnType<typeof totalsOf>} totals
 */
function reactionsTo({ orderId, sku, quantity }, shop, totals) {
  return {
    inventory: totals.expect(sku, quantity),
    payments: async () => (await shop.get('payments', `/payments/${orderId}`)).status === 'captured',
    shipping: async () => (await shop.get('shipping', `/shipments/${orderId}`)).status === 'shipped',
    fulfilment: async () => (await shop.get('fulfilment', `/sagas/${orderId}`)).status === 'completed',
    analytics: totals.expect('orders', 1),
    email: async () => (await shop.get('email', `/emails?orderId=${orderId}`)).length > 1,
    search: async () => (await shop.get('search', `/search?q=${orderId}`)).orders.length > 0,
  };
}

/**
 * @param {number} count
 * @param {{ stories: import('./story.mjs').Story[], refused: string[], placed: number }} result
 */
function conclusion(count, result) {
  const { refused, placed } = result;
  const waits = complete(result)
    .map(({ reactions }) => Math.max(...reactions.map(({ afterMs }) => afterMs)))
    .sort((a, b) => a - b);
  const median = waits[Math.floor(waits.length / 2)];
  const speed =
    median === undefined ? '' : `; all had reacted after ${ms(median)} (median), ${ms(waits.at(-1) ?? 0)} (slowest)`;
  return [...refused, `${placed} of ${count} orders placed, ${waits.length} complete${speed}`].join('\n');
}

/** @param {{ stories: import('./story.mjs').Story[] }} result */
function complete({ stories }) {
  return stories.filter(({ missing }) => missing.length === 0);
}
