import { forgetting } from '../flows/forgetting.js';
import { foreignClients } from '../flows/foreign-clients.js';
import { oneTrace } from '../flows/one-trace.js';
import { orderStory } from '../flows/order-story.js';
import { crashes } from '../resilience/crashes.js';
import { deliveries } from '../resilience/deliveries.js';
import { longStories } from '../resilience/long-stories.js';
import { outages } from '../resilience/outages.js';
import { poisonedOrders } from '../resilience/poison.js';
import { reading } from '../resilience/reading.js';
import { rebuilding } from '../resilience/rebuilding.js';
import type { BrokerKind } from '../support/brokers.js';
import { Collector } from '../support/collector.js';
import { Shop } from '../support/shop.js';

/** So long a group waits for a member that was killed, before others get its partitions. */
const SESSION_SECONDS = 8;

/** What happens to one and the same shop, one after the other: to start one takes longer than most of it. */
export function everythingInOneShop(broker: BrokerKind): void {
  let shop: Shop;
  let collector: Collector;

  beforeAll(async () => {
    collector = await Collector.start();
    // Only of traces that their caller wants to be collected.
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '0', OTEL_BSP_SCHEDULE_DELAY: '100' };
    shop = await Shop.start({ broker, settings: { CONSUMER_SESSION_SECONDS: String(SESSION_SECONDS), ...tracing } });
  }, 300_000);
  // A test that has failed leaves nobody behind who goes on ordering during the next one.
  afterEach(() => shop.customers.forEach((customer) => customer.goHome()));
  afterAll(async () => {
    await shop?.stop();
    await collector?.stop();
  });

  const theShop = () => shop;
  if (broker === 'kafka') foreignClients(theShop);
  orderStory(theShop);
  oneTrace(theShop, () => collector, broker);
  forgetting(theShop, () => collector);
  poisonedOrders(theShop);
  crashes(theShop);
  deliveries(theShop);
  longStories(theShop);
  outages(theShop);
  // Last: they order without keeping accounts.
  reading(theShop);
  if (process.env.REBUILD_EVENTS) rebuilding(theShop);
  else process.stderr.write('Skipped: a view of a long history is rebuilt: minutes long; REBUILD_EVENTS=100000 reads so many\n');
}
