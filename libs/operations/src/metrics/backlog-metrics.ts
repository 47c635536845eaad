import { MetricsRegistry } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';

/** Backlogs and problems of a context; every process reports the same figures. */
@Injectable()
export class BacklogMetrics {
  readonly outboxEvents;
  readonly outboxOldest;
  readonly refusedEvents;
  readonly parkedKeys;
  readonly retriedKeys;
  readonly deadLetters;
  readonly oldestParked;
  readonly stuckSagas;
  readonly openSagas;
  readonly oldestSaga;
  readonly alerts;
  readonly watched;

  constructor(@Inject(MetricsRegistry) metrics: MetricsRegistry) {
    this.outboxEvents = metrics.gauge('nestbox_outbox_events', 'Events that wait to be published, counted up to 100 000.');
    this.outboxOldest = metrics.gauge('nestbox_outbox_oldest_seconds', 'Age of the oldest event that waits to be published.');
    this.refusedEvents = metrics.gauge('nestbox_refused_events', 'Events that the broker refused for good, and those behind them.');
    this.parkedKeys = metrics.gauge('nestbox_parked_keys', 'Keys that wait for an operator.', 'handler');
    this.retriedKeys = metrics.gauge('nestbox_retried_keys', 'Keys that are parked and tried again by themselves.', 'handler');
    this.deadLetters = metrics.gauge('nestbox_dead_letters', 'Events that wait for an operator, those behind a head included.', 'handler');
    this.oldestParked = metrics.gauge('nestbox_parked_oldest_seconds', 'Age of the oldest event that waits for an operator.', 'handler');
    this.stuckSagas = metrics.gauge('nestbox_stuck_sagas', 'Sagas that need a person.', 'handler');
    this.openSagas = metrics.gauge('nestbox_open_sagas', 'Sagas that are not over, counted up to 100 000.', 'handler', 'status');
    this.oldestSaga = metrics.gauge('nestbox_saga_oldest_seconds', 'Age of the oldest saga that is not over.', 'handler');
    this.alerts = metrics.gauge('nestbox_alerts', 'Alerts that are raised now.', 'rule');
    this.watched = metrics.gauge('nestbox_watch_last_run_timestamp_seconds', 'When this process last looked at its own health.');
  }
}
