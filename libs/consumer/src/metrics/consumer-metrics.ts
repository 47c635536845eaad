import { MetricsRegistry } from '@nestbox/messaging';
import { DwellHistogram } from '@nestbox/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';

const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

@Injectable()
export class ConsumerMetrics {
  readonly lag;
  readonly stalled;
  readonly down;
  readonly rebuilds;
  readonly handled;
  readonly failed;
  readonly parked;
  readonly redriven;
  readonly duration;
  readonly dwell = new DwellHistogram();

  constructor(@Inject(MetricsRegistry) metrics: MetricsRegistry) {
    this.lag = metrics.gauge('nestbox_consumer_lag_events', 'Records that the group has not committed.', 'group', 'topic');
    this.stalled = metrics.gauge('nestbox_consumer_stalled_seconds', 'For how long no partition with a lag has moved, at its worst.', 'group', 'topic');
    this.down = metrics.gauge('nestbox_consumer_down', '1 while the group is not consuming in this process.', 'group');
    this.rebuilds = metrics.counter('nestbox_consumer_rebuilds_total', 'Broker clients that crashed or stood still and were replaced.', 'group');
    this.handled = metrics.counter('nestbox_handler_handled_total', 'Events handled.', 'handler');
    this.failed = metrics.counter('nestbox_handler_failed_tries_total', 'Tries that failed, whatever became of the event.', 'handler');
    this.parked = metrics.counter('nestbox_handler_parked_total', 'Events parked.', 'handler', 'reason');
    this.redriven = metrics.counter('nestbox_handler_redriven_total', 'Parked events that were handled after all.', 'handler');
    this.duration = metrics.histogram('nestbox_handler_duration_seconds', 'One call: an event of a reaction, a batch of a projection.', SECONDS, 'handler');
    metrics.registry.registerMetric(this.dwell as unknown as Metric);
  }
}
