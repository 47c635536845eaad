import { eventually } from '@nestbox/kernel/testing';
import { MetricsRegistry } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { RelayMetrics } from '@nestbox/outbox';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { MetricsController } from './metrics.controller.js';

/** Samples of an exposition: `name{labels}` to value. */
async function scrape({ app }: RunningContext): Promise<Record<string, number>> {
  const text = await app.get(MetricsController).scrape();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]));
}

describe('the metrics', () => {
  it('tell what each handler has had, what is parked and what lags', async () => {
    const shop = new ShopUnderPoison();
    const { ReserveStock, OrderHistory } = poisonedHandlers(shop.poison);
    await shop.start([ReserveStock, OrderHistory], { alerting: { everyMs: 50 } });
    shop.poison.in(['order-1'], 2);
    await shop.publish('order-1', 'order-1', 'order-1', 'order-2', 'order-2');
    await shop.caughtUp();

    const reserve = '{handler="inventory.reserve-stock"}';
    await eventually(async () => {
      const samples = await scrape(shop.context);
      expect(samples).toMatchObject({
        [`nestbox_handler_handled_total${reserve}`]: 3,
        [`nestbox_handler_failed_tries_total${reserve}`]: 3,
        'nestbox_handler_parked_total{handler="inventory.reserve-stock",reason="failed"}': 1,
        'nestbox_handler_parked_total{handler="inventory.reserve-stock",reason="behind"}': 1,
        'nestbox_handler_handled_total{handler="search.orders"}': 3,
        [`nestbox_parked_keys${reserve}`]: 1,
        [`nestbox_retried_keys${reserve}`]: 0,
        [`nestbox_dead_letters${reserve}`]: 2,
        'nestbox_consumer_lag_events{group="checkout",topic="checkout.orders"}': 0,
        'nestbox_consumer_down{group="checkout"}': 0,
        'nestbox_alerts{rule="key-parked"}': 2,
        nestbox_outbox_events: 0,
      });
      expect(samples[`nestbox_handler_duration_seconds_count${reserve}`]).toBe(6);
      expect(samples.process_resident_memory_bytes).toBeGreaterThan(10_000_000);
      expect(samples.process_cpu_seconds_total).toBeGreaterThan(0);
    });
    await shop.close();
  });

  it('tell what waits in the outbox and for how long, and what the relay has published', async () => {
    const waiting = await RunningContext.start({ broker: new InMemoryBroker(), relay: { enabled: false } });
    await waiting.place(3);
    await eventually(async () => {
      const samples = await scrape(waiting);
      expect(samples.nestbox_outbox_events).toBe(3);
      expect(samples.nestbox_outbox_oldest_seconds).toBeGreaterThan(0);
    });
    const relaying = await RunningContext.start({ broker: new InMemoryBroker(), database: waiting.database });
    await eventually(async () => {
      expect(await scrape(relaying)).toMatchObject({ nestbox_relay_published_total: 3, nestbox_outbox_events: 0, nestbox_outbox_oldest_seconds: 0 });
    });
    await relaying.app.close();
    await waiting.stop();
  });

  it('go on without those of the tables while the database is away', async () => {
    const context = await RunningContext.start({ broker: new InMemoryBroker() });
    expect(await scrape(context)).toHaveProperty('nestbox_outbox_events');
    await context.query('ALTER TABLE nestbox.refused RENAME TO gone');
    await eventually(async () => {
      const samples = await scrape(context);
      expect(samples).not.toHaveProperty('nestbox_outbox_events');
      expect(samples).toHaveProperty('process_resident_memory_bytes');
    });
    await context.stop();
  });

  it('of two apps in one process have nothing to do with each other', () => {
    const [one, other] = [new RelayMetrics(new MetricsRegistry()), new RelayMetrics(new MetricsRegistry())];
    one.published.inc(7);
    return expect(other.published.get()).resolves.toMatchObject({ values: [{ value: 0 }] });
  });
});
