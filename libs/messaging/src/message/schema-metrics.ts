import { Inject, Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../telemetry/metrics-registry.js';

@Injectable()
export class SchemaMetrics {
  readonly cached;
  readonly fetches;

  constructor(@Inject(MetricsRegistry) metrics: MetricsRegistry) {
    this.cached = metrics.gauge('nestbox_cached_schemas', 'Schemas that records are read with and that need not be asked for.');
    this.fetches = metrics.counter('nestbox_schema_fetches_total', 'Questions to the schema registry, by what came of them.', 'result');
  }
}
