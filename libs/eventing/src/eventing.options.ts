import type { OperationsModuleOptions } from './admin/operations.options.js';
import type { Broker } from './broker/broker.js';
import type { KafkaBrokerOptions } from './kafka/kafka.options.js';
import type { AsyncOptions } from './messaging.options.js';
import type { OutboxModuleOptions } from './outbox/outbox.options.js';
import type { SagasModuleOptions } from './saga/saga.options.js';

/** Where messages go: the embedded log on PostgreSQL, Apache Kafka, or an adapter of your own. */
export type BrokerOption =
  | { readonly kind: 'postgres'; readonly url: string; readonly sessionTimeoutMs?: number }
  | ({ readonly kind: 'kafka' } & Pick<KafkaBrokerOptions, 'brokers' | 'sessionTimeoutMs' | 'ssl' | 'sasl'>)
  | Broker;

export interface EventingOptions extends OutboxModuleOptions, SagasModuleOptions, OperationsModuleOptions {
  readonly broker: BrokerOption;
}

export type EventingAsyncOptions = AsyncOptions<EventingOptions>;
