import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { Broker, TopicSpec } from './broker/broker.js';
import type { SubjectKeys } from './encryption/subject-keys.js';

export const EVENTING_OPTIONS = Symbol.for('nestbox.eventing.options');

/** The settings of a context that all parts of Nestbox share. */
export interface MessagingOptions {
  /** This context's name: the producer in every envelope, and the default consumer group. */
  readonly context: string;
  /** Every topic that this app publishes to or reads, with its partitions; created where missing. */
  readonly topics: readonly TopicSpec[];
  /**
   * For how many days the inbox and the idempotency keys remember. Default 30. Must be longer than the retention of every
   * topic: an event that is delivered again after that is handled again.
   */
  readonly rememberDays?: number;
  /**
   * `http://[user:password@]host:port` of a schema registry with Confluent's REST API. Without it every event travels as JSON,
   * whatever its contract says, and records with a schema id wait.
   */
  readonly schemaRegistryUrl?: string;
  /**
   * The store of the keys that encrypt personal data: a PostgreSQL URL, or your own adapter. Without it personal fields are
   * not encrypted, and nobody can be forgotten.
   */
  readonly subjectKeys?: string | SubjectKeys;
}

export interface MessagingModuleOptions extends MessagingOptions {
  readonly broker: Broker;
}

/** Options that a factory makes. */
export interface AsyncOptions<Options> extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...args: never[]) => Options | Promise<Options>;
}
