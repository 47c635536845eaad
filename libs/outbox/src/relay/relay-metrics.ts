import { MetricsRegistry } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class RelayMetrics {
  readonly published;
  readonly failures;

  constructor(@Inject(MetricsRegistry) metrics: MetricsRegistry) {
    this.published = metrics.counter('nestbox_relay_published_total', 'Events that the broker has acknowledged to this process.');
    this.failures = metrics.counter('nestbox_relay_failures_total', 'Batches that the broker did not take; each is tried again.');
  }
}
