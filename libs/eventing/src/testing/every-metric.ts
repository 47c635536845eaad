import { ConsumerMetrics } from '@nestbox/consumer';
import { MetricsRegistry, SchemaMetrics } from '@nestbox/messaging';
import { BacklogMetrics } from '@nestbox/operations';
import { RelayMetrics } from '@nestbox/outbox';

/** A registry with every metric of Nestbox, without values: for tests of dashboards and alerts. */
export function everyMetric(): MetricsRegistry {
  const metrics = new MetricsRegistry();
  for (const Part of [RelayMetrics, SchemaMetrics, ConsumerMetrics, BacklogMetrics]) new Part(metrics);
  return metrics;
}
