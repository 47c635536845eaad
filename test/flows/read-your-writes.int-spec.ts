import { readFileSync } from 'node:fs';
import { ProductListed } from '@nestbox/contracts';
import { InMemoryBroker } from '@nestbox/eventing/testing';
import { CheckoutModule } from '../../apps/checkout/src/checkout.module.js';
import { CheckoutSettings } from '../../apps/checkout/src/checkout.settings.js';
import { migrations as checkoutMigrations } from '../../apps/checkout/src/persistence/migrations/index.js';
import { migrations as searchMigrations } from '../../apps/search/src/persistence/migrations/index.js';
import { SearchModule } from '../../apps/search/src/search.module.js';
import { blocksOf } from '../support/page.js';
import { ShopApp } from '../support/shop-app.js';
import { asAdmin } from '../support/tokens.js';

interface Client {
  fetch(url: string, options?: RequestInit): Promise<Response>;
}

/** The browser's client as docs/reading.md has its reader write it. */
async function clientOfThePage(): Promise<Client> {
  const page = blocksOf(readFileSync('docs/reading.md', 'utf8'));
  const source = page.find(({ text }) => text.includes('class ReadYourWrites'))!.text;
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as { ReadYourWrites: new () => Client };
  return new module.ReadYourWrites();
}

describe('finding what one has just made', () => {
  let search: ShopApp;
  let checkout: ShopApp;

  beforeAll(async () => {
    search = await ShopApp.start(SearchModule, searchMigrations);
    const broker = new InMemoryBroker(search.broker.log) as never;
    checkout = await ShopApp.start(CheckoutModule, checkoutMigrations, { broker }, new CheckoutSettings(search.url, 'key-of-this-test-of-guests'));
    const listed = { sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 };
    await search.hear(ProductListed, listed);
    await search.caughtUp('checkout', 'inventory.products');
  });
  afterAll(async () => {
    await checkout?.stop();
    await search?.stop();
  });

  const basketOf = (userId: string) => ({ userId, email: 'ada@example.com', lines: [{ sku: 'mug-blue', quantity: 1 }] });
  const ordersIn = (body: unknown) => (body as { orders: { orderId: string }[] }).orders.map(({ orderId }) => orderId);

  it('an order placed with ?wait=search is found at once', async () => {
    const { body, headers } = await checkout.send('POST', '/orders?wait=search', basketOf('ada'));
    expect(headers.get('nestbox-stale')).toBe('false');
    expect(ordersIn((await search.get('/search?q=ada')).body)).toEqual([body.orderId]);
  });

  it('an order stands even when search cannot be asked', async () => {
    const lonely = await ShopApp.start(CheckoutModule, checkoutMigrations, {}, new CheckoutSettings('http://127.0.0.1:9', 'key-of-this-test-of-guests'));
    await lonely.hear(ProductListed, { sku: 'mug-blue', name: 'Blue mug', priceCents: 1250 });
    await lonely.caughtUp('checkout', 'inventory.products');
    const { status, headers } = await lonely.send('POST', '/orders?wait=search', basketOf('ada'));
    await lonely.stop();
    expect(status).toBe(201);
    expect(headers.get('nestbox-stale')).toBe('true');
  });

  it('the few lines of a browser wait by themselves, write after write', async () => {
    const client = await clientOfThePage();
    for (const userId of Array.from({ length: 20 }, (_, n) => `reader-${n}x`)) {
      const placed = await client.fetch(`${checkout.url}/orders`, {
        method: 'POST', headers: { ...asAdmin, 'content-type': 'application/json' }, body: JSON.stringify(basketOf(userId)),
      });
      const { orderId } = (await placed.json()) as { orderId: string };
      const found = await client.fetch(`${search.url}/search?q=${userId}`, { headers: asAdmin });
      expect(found.headers.get('nestbox-stale')).toBe('false');
      expect(ordersIn(await found.json())).toContain(orderId);
    }
  });
});
