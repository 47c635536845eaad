import { RelayMetrics } from '../relay/relay-metrics.js';
import { SchemaMetrics } from '../schema/schema-metrics.js';
import { BacklogMetrics } from '../telemetry/backlog-metrics.js';
import { ConsumerMetrics } from '../telemetry/consumer-metrics.js';
import { MetricsRegistry } from '../telemetry/metrics-registry.js';

/** A registry with every metric of Nestbox, none of which has a value: for tests of dashboards and alerts. */
export function everyMetric(): MetricsRegistry {
  const metrics = new MetricsRegistry();
  for (const Part of [RelayMetrics, SchemaMetrics, ConsumerMetrics, BacklogMetrics]) new Part(metrics);
  return metrics;
}
