import type { Type } from '@nestjs/common';
import type { KafkaBrokerOptions } from '@nestbox/kafka';
import type { AsyncOptions, Broker } from '@nestbox/messaging';
import type { OperationsModuleOptions } from '@nestbox/operations';
import type { OutboxModuleOptions } from '@nestbox/outbox';
import type { SagasModuleOptions } from '@nestbox/sagas';

/** Where messages go: the embedded log on PostgreSQL, Apache Kafka, or an adapter of your own. */
export type BrokerOption =
  | { readonly kind: 'postgres'; readonly url: string; readonly sessionTimeoutMs?: number }
  | ({ readonly kind: 'kafka' } & Pick<KafkaBrokerOptions, 'brokers' | 'sessionTimeoutMs' | 'ssl' | 'sasl' | 'maxUnpackedBytes'>)
  | Broker;

/** Whether the app serves operators: `/admin/…`, `/metrics` and alerts. */
export type OperationsOption =
  /** Nothing of it. */
  | false
  /** `path`: a prefix for its routes, such as `ops`. Default: none. */
  | { readonly path?: string };

export interface EventingOptions extends OutboxModuleOptions, SagasModuleOptions, OperationsModuleOptions {
  readonly broker: BrokerOption;
  /** Default: all of it, without a prefix. */
  readonly operations?: OperationsOption;
}

/** Routes are registered before the factory has run, so where operators are served is said beside it. */
export interface EventingAsyncOptions extends AsyncOptions<Omit<EventingOptions, 'operations'>> {
  readonly operations?: OperationsOption;
}

/** What one module of the app adds. */
export interface EventingFeature {
  /** Classes with `@Saga`. */
  readonly sagas: readonly Type[];
}
