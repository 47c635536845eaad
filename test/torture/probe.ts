import { eventually } from '@nestbox/eventing/testing';
import type { Purchase } from '../support/customer.js';
import type { Shop } from '../support/shop.js';

export const stages = ['taken', 'shipped', 'mailed', 'found'] as const;
/** Milliseconds from the end of the fault; nothing where it did not come. */
export type Recovery = Readonly<Partial<Record<(typeof stages)[number], number>>>;

const PATIENCE_MS = 90_000;
const EVERY_MS = 100;

/** Follows one new order, placed at once, until every part of the shop has done its own. */
export async function recoveryOf(shop: Shop): Promise<Recovery> {
  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  const customer = shop.customer(['mug-blue']);
  const purchase = await customer.order([{ sku: 'mug-blue', quantity: 1 }]).catch(() => undefined);
  if (!purchase) return {};
  const recovery: Record<string, number> = { taken: since() };
  const seen = Object.entries(signsOf(shop, purchase)).map(async ([stage, sign]) => {
    await eventually(async () => ((await sign()) ? undefined : Promise.reject(new Error('not yet'))), { timeoutMs: PATIENCE_MS, everyMs: EVERY_MS });
    recovery[stage] = since();
  });
  await Promise.allSettled(seen);
  return recovery;
}

function signsOf(shop: Shop, { orderId, email }: Purchase): Record<string, () => Promise<boolean>> {
  return {
    shipped: async () => (await shop.app('checkout').get<{ status: string }>(`/orders/${orderId}`)).body.status === 'shipped',
    mailed: async () => shop.mailbox.to(email).length > 0,
    found: async () => (await shop.app('search').get<{ orders: unknown[] }>(`/search?q=${orderId}`)).body.orders.length === 1,
  };
}
