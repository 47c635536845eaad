import { foreignClients } from '../flows/foreign-clients.js';
import { orderStory } from '../flows/order-story.js';
import { crashes } from '../resilience/crashes.js';
import { deliveries } from '../resilience/deliveries.js';
import { outages } from '../resilience/outages.js';
import { poisonedOrders } from '../resilience/poison.js';
import type { BrokerKind } from '../support/brokers.js';
import { Shop } from '../support/shop.js';

/** So long a group waits for a member that was killed, before others get its partitions. */
const SESSION_SECONDS = 8;

/** What happens to one and the same shop, one after the other: to start one takes longer than most of it. */
export function everythingInOneShop(broker: BrokerKind): void {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.start({ broker, settings: { CONSUMER_SESSION_SECONDS: String(SESSION_SECONDS) } });
  }, 180_000);
  // A test that has failed leaves nobody behind who goes on ordering during the next one.
  afterEach(() => shop.customers.forEach((customer) => customer.goHome()));
  afterAll(() => shop?.stop());

  const theShop = () => shop;
  if (broker === 'kafka') foreignClients(theShop);
  orderStory(theShop);
  poisonedOrders(theShop);
  crashes(theShop);
  deliveries(theShop);
  outages(theShop);
}
