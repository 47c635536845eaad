import type { KafkaBrokerOptions } from '@nestbox/kafka';
import type { AsyncOptions, Broker } from '@nestbox/messaging';
import type { OperationsModuleOptions } from '@nestbox/operations';
import type { OutboxModuleOptions } from '@nestbox/outbox';
import type { SagasModuleOptions } from '@nestbox/sagas';

/** Where messages go: the embedded log on PostgreSQL, Apache Kafka, or an adapter of your own. */
export type BrokerOption =
  | { readonly kind: 'postgres'; readonly url: string; readonly sessionTimeoutMs?: number }
  | ({ readonly kind: 'kafka' } & Pick<KafkaBrokerOptions, 'brokers' | 'sessionTimeoutMs' | 'ssl' | 'sasl'>)
  | Broker;

export interface EventingOptions extends OutboxModuleOptions, SagasModuleOptions, OperationsModuleOptions {
  readonly broker: BrokerOption;
}

export type EventingAsyncOptions = AsyncOptions<EventingOptions>;
