import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metric } from 'prom-client';
import { DwellHistogram } from './dwell-histogram.js';

/**
 * Every metric of this library, by name. Labels are handler ids, groups, topics and rules: all written by hand and few.
 * Keys, ids and texts of errors never are. One registry per app, so that several apps can live in one process.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly outboxEvents = this.gauge('nestbox_outbox_events', 'Events that wait to be published, counted up to 100 000.');
  readonly outboxOldest = this.gauge('nestbox_outbox_oldest_seconds', 'Age of the oldest event that waits to be published.');
  readonly refusedEvents = this.gauge('nestbox_refused_events', 'Events that the broker refused for good, and those behind them.');
  readonly relayPublished = this.counter('nestbox_relay_published_total', 'Events that the broker has acknowledged to this process.');
  readonly relayFailures = this.counter('nestbox_relay_failures_total', 'Batches that the broker did not take; each is tried again.');

  readonly consumerLag = this.gauge('nestbox_consumer_lag_events', 'Records that the group has not committed.', 'group', 'topic');
  readonly consumerStalled = this.gauge(
    'nestbox_consumer_stalled_seconds',
    'For how long no partition with a lag has moved, at its worst.',
    'group', 'topic',
  );
  readonly consumerDown = this.gauge('nestbox_consumer_down', '1 while the group is not consuming in this process.', 'group');
  readonly consumerRebuilds = this.counter(
    'nestbox_consumer_rebuilds_total',
    'Broker clients that crashed or stood still and were replaced.',
    'group',
  );

  readonly handled = this.counter('nestbox_handler_handled_total', 'Events handled.', 'handler');
  readonly failed = this.counter('nestbox_handler_failed_tries_total', 'Tries that failed, whatever became of the event.', 'handler');
  readonly parked = this.counter('nestbox_handler_parked_total', 'Events parked.', 'handler', 'reason');
  readonly redriven = this.counter('nestbox_handler_redriven_total', 'Parked events that were handled after all.', 'handler');
  readonly duration = new Histogram({
    name: 'nestbox_handler_duration_seconds',
    help: 'One call: an event of a reaction, a batch of a projection.',
    labelNames: ['handler'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.registry],
  });

  readonly dwell = this.own(new DwellHistogram());

  readonly parkedKeys = this.gauge('nestbox_parked_keys', 'Keys that wait for an operator.', 'handler');
  readonly retriedKeys = this.gauge('nestbox_retried_keys', 'Keys that are parked and tried again by themselves.', 'handler');
  readonly deadLetters = this.gauge('nestbox_dead_letters', 'Events that wait for an operator, those behind a head included.', 'handler');
  readonly oldestParked = this.gauge('nestbox_parked_oldest_seconds', 'Age of the oldest event that waits for an operator.', 'handler');
  readonly stuckSagas = this.gauge('nestbox_stuck_sagas', 'Long stories that need a person.', 'handler');
  readonly openSagas = this.gauge('nestbox_open_sagas', 'Long stories that are not over, counted up to 100 000.', 'handler', 'status');
  readonly oldestSaga = this.gauge('nestbox_saga_oldest_seconds', 'Age of the oldest long story that is not over.', 'handler');
  readonly cachedSchemas = this.gauge('nestbox_cached_schemas', 'Schemas that records are read with and that need not be asked for.');
  readonly schemaFetches = this.counter('nestbox_schema_fetches_total', 'Questions to the schema registry, by what came of them.', 'result');
  readonly alerts = this.gauge('nestbox_alerts', 'Alerts that are raised now.', 'rule');
  readonly watched = this.gauge('nestbox_watch_last_run_timestamp_seconds', 'When this process last looked at its own health.');

  private own(metric: DwellHistogram): DwellHistogram {
    this.registry.registerMetric(metric as unknown as Metric);
    return metric;
  }

  private gauge<Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private counter<Label extends string>(name: string, help: string, ...labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
