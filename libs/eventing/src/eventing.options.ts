import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { Role } from './admin/rights.js';
import type { AlertingOptions } from './alerting/alerting.options.js';
import type { Broker, TopicSpec } from './broker/broker.js';
import type { SubjectKeys } from './erasure/subject-keys.js';
import type { KafkaBrokerOptions } from './kafka/kafka.options.js';

export const EVENTING_OPTIONS = Symbol('nestbox.eventing.options');

/** Where messages go: the embedded log on PostgreSQL, Apache Kafka, or an adapter of your own. */
export type BrokerOption =
  | { readonly kind: 'postgres'; readonly url: string; readonly sessionTimeoutMs?: number }
  | ({ readonly kind: 'kafka' } & Pick<KafkaBrokerOptions, 'brokers' | 'sessionTimeoutMs' | 'ssl' | 'sasl'>)
  | Broker;

export interface RelayOptions {
  /** Whether this process may publish the context's outbox. Default true; among several, leases decide. */
  readonly enabled?: boolean;
  /** Rows per read and per publish. Default 1000. */
  readonly batchSize?: number;
  /** How many relays can share the work, each with its own key buckets. Default 1. Fixed once rows have been written. */
  readonly slices?: number;
  /** Longest wait, in ms, before the table is read without having been woken. Default 500. */
  readonly pollMs?: number;
  /** Another relay takes over after this many ms without a sign of life. Default 10 000. */
  readonly leaseMs?: number;
}

export interface OutboxOptions {
  /** Above so many bytes of tables writes are refused with OUTBOX_FULL. Default 1 GiB. */
  readonly maxBytes?: number;
  /** They are taken again when fewer events than this wait to be published. Default 10 000. */
  readonly resumeBelow?: number;
}

export interface ConsumerOptions {
  /** Records per batch. Default 500. */
  readonly maxBatch?: number;
  /** Partitions handled side by side, per group. Default 4. */
  readonly concurrency?: number;
  /** Keys of one partition that are worked on side by side, where events are handled one by one. Default 8. */
  readonly keyConcurrency?: number;
  /** A group that does not move for so long, in ms, although there is something to read, gets a new client. Default 120 000. */
  readonly watchdogMs?: number;
  /** What happens when the new client does not move either. Default: the process ends with code 1. */
  readonly giveUp?: (why: string) => void;
}

export interface SagaOptions {
  /** Multiplies every timeout of every saga: below 1 for rehearsals and tests, where nobody waits for minutes. Default 1. */
  readonly timeScale?: number;
}

export interface EventingOptions {
  /** This context's name: the producer in every envelope, and the default consumer group. */
  readonly context: string;
  readonly broker: BrokerOption;
  /** Every topic that this app publishes to or reads, with its partitions; created where missing. */
  readonly topics: readonly TopicSpec[];
  /** Consumer group, exactly as the broker will see it. Default: the context. */
  readonly group?: string;
  /**
   * How long the inbox and the idempotency keys remember, in days. Default 30. Must be longer than any topic keeps its
   * events: what is delivered again after that has its effect again.
   */
  readonly rememberDays?: number;
  /**
   * `http://[user:password@]host:port` of a registry that speaks Confluent's REST API. Without it every event travels as
   * JSON, whatever its contract would like, and records with a schema id wait.
   */
  readonly schemaRegistryUrl?: string;
  /**
   * Where the keys of people are whose data is in events: a PostgreSQL URL, or an adapter of your own. Without it personal
   * fields travel as they are, and nobody can be forgotten.
   */
  readonly subjectKeys?: string | SubjectKeys;
  /** Whose bearer is let in under /admin; a role without a token lets nobody in. Default: none is. */
  readonly adminTokens?: Readonly<Partial<Record<Role, string>>>;
  readonly outbox?: OutboxOptions;
  readonly relay?: RelayOptions;
  readonly consumer?: ConsumerOptions;
  readonly alerting?: AlertingOptions;
  readonly sagas?: SagaOptions;
}

export interface EventingAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...args: never[]) => EventingOptions | Promise<EventingOptions>;
}
