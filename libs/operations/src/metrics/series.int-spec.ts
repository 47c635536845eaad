import { ProjectsEvent } from '@nestbox/consumer';
import { uuid7 } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { Controller } from '@nestjs/common';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { OrderPlaced } from '../../../../test/support/eventing/shop.fixture.js';
import { MetricsController } from './metrics.controller.js';

const KEYS = 100_000;
const STEP = 5_000;

@Controller()
class Counting {
  @ProjectsEvent(OrderPlaced, { id: 'analytics.count', batch: true })
  placed(): void {}
}

/** Events of one key each. */
function placed(count: number) {
  return Array.from({ length: count }, () => {
    const [eventId, orderId] = [uuid7(), uuid7()];
    const occurredAt = new Date().toISOString();
    const envelope = {
      eventId, eventType: 'OrderPlaced', eventVersion: 1, occurredAt, traceId: 'a'.repeat(32), correlationId: eventId,
      causationId: eventId, producer: 'checkout', aggregateVersion: 1, data: { orderId, totalCents: 100 },
    };
    const headers = { ce_type: OrderPlaced.name, ce_id: eventId, ce_time: occurredAt };
    return { topic: OrderPlaced.topic, key: orderId, value: JSON.stringify(envelope), headers };
  });
}

describe('the number of series', () => {
  it('does not grow with 100,000 keys', async () => {
    const broker = new InMemoryBroker();
    const context = await RunningContext.start({ broker, handlers: [Counting], alerting: { everyMs: 50 } });
    const series = async () => (await context.app.get(MetricsController).scrape()).split('\n').filter((line) => !line.startsWith('#')).length;
    const handled = () => context.query<{ n: number }>('SELECT count(*)::int AS n FROM nestbox.inbox');
    await broker.publish(placed(1));
    await eventually(async () => expect(await handled()).toEqual([{ n: 1 }]));
    // The monitor's metrics exist after its next check.
    await eventually(async () => expect(await context.app.get(MetricsController).scrape()).toContain('nestbox_consumer_lag_events{'));
    const before = await series();
    for (let n = 1; n < KEYS; n += STEP) await broker.publish(placed(Math.min(STEP, KEYS - n)));
    await eventually(async () => expect(await handled()).toEqual([{ n: KEYS }]), { timeoutMs: 45_000, everyMs: 250 });

    // First-time occurrences, such as another kind of garbage collection, may add series; keys must not.
    expect((await series()) - before).toBeLessThan(50);
    const dwell = /nestbox_message_dwell_seconds_count\{handler="analytics.count",event_type="OrderPlaced",stage="queue"\} (\d+)/;
    expect(Number(dwell.exec(await context.app.get(MetricsController).scrape())![1])).toBe(KEYS);
    await context.stop();
  }, 60_000);
});
